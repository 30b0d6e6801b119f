import type { ResourceDeclaration } from "../../declaration.ts";
import {
  decimal,
  flag,
  integer,
  integers,
  object,
  objects,
  text,
  texts,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { onDemandPrice, productsOf } from "./prices.ts";
import { boundedBy, quotaOfInstanceType } from "../quotas/quota_of.ts";

const ebsOptimizedInfo = valueKind("aws_ec2_ebs_optimized_info", {
  baseline_bandwidth_in_mbps: integer("BaselineBandwidthInMbps"),
  baseline_throughput_in_mbps: decimal("BaselineThroughputInMBps"),
  baseline_iops: integer("BaselineIops"),
  maximum_bandwidth_in_mbps: integer("MaximumBandwidthInMbps"),
  maximum_throughput_in_mbps: decimal("MaximumThroughputInMBps"),
  maximum_iops: integer("MaximumIops"),
});

const ebsInfo = valueKind("aws_ec2_ebs_info", {
  ebs_optimized_support: text("EbsOptimizedSupport"),
  encryption_support: text("EncryptionSupport"),
  ebs_optimized_info: object("EbsOptimizedInfo", ebsOptimizedInfo),
  nvme_support: text("NvmeSupport"),
});

const fpgaDeviceInfo = valueKind("aws_ec2_fpga_device_info", {
  name: text("Name"),
  manufacturer: text("Manufacturer"),
  count: integer("Count"),
  memory_info: integer("MemoryInfo.SizeInMiB"),
});

const fpgaInfo = valueKind("aws_ec2_fpga_info", {
  fpgas: objects("Fpgas", fpgaDeviceInfo),
  total_fpga_memory_in_mi_b: integer("TotalFpgaMemoryInMiB"),
});

const gpuDeviceInfo = valueKind("aws_ec2_gpu_device_info", {
  name: text("Name"),
  manufacturer: text("Manufacturer"),
  count: integer("Count"),
  memory_info: integer("MemoryInfo.SizeInMiB"),
});

const gpuInfo = valueKind("aws_ec2_gpu_info", {
  gpus: objects("Gpus", gpuDeviceInfo),
  total_gpu_memory_in_mi_b: integer("TotalGpuMemoryInMiB"),
  gpu_model: text("Gpus[*].Name"),
});

const inferenceDeviceInfo = valueKind("aws_ec2_inference_device_info", {
  count: integer("Count"),
  name: text("Name"),
  manufacturer: text("Manufacturer"),
});

const inferenceAcceleratorInfo = valueKind(
  "aws_ec2_inference_accelerator_info",
  {
    accelerators: objects("Accelerators", inferenceDeviceInfo),
  },
);

const diskInfo = valueKind("aws_ec2_disk_info", {
  size_in_gb: integer("SizeInGB"),
  count: integer("Count"),
  type: text("Type"),
});

const instanceStorageInfo = valueKind("aws_ec2_instance_storage_info", {
  total_size_in_gb: integer("TotalSizeInGB"),
  disks: objects("Disks", diskInfo),
  nvme_support: text("NvmeSupport"),
  encryption_support: text("EncryptionSupport"),
});

const networkCardInfo = valueKind("aws_ec2_network_card_info", {
  network_card_index: integer("NetworkCardIndex"),
  network_performance: text("NetworkPerformance"),
  maximum_network_interfaces: integer("MaximumNetworkInterfaces"),
});

const networkInfo = valueKind("aws_ec2_network_info", {
  network_performance: text("NetworkPerformance"),
  maximum_network_interfaces: integer("MaximumNetworkInterfaces"),
  maximum_network_cards: integer("MaximumNetworkCards"),
  default_network_card_index: integer("DefaultNetworkCardIndex"),
  network_cards: objects("NetworkCards", networkCardInfo),
  ipv4_addresses_per_interface: integer("Ipv4AddressesPerInterface"),
  ipv6_addresses_per_interface: integer("Ipv6AddressesPerInterface"),
  ipv6_supported: flag("Ipv6Supported"),
  ena_support: text("EnaSupport"),
  efa_supported: flag("EfaSupported"),
  efa_info: integer("EfaInfo.MaximumEfaInterfaces"),
  encryption_in_transit_supported: flag("EncryptionInTransitSupported"),
});

const placementGroupInfo = valueKind("aws_ec2_placement_group_info", {
  supported_strategies: texts("SupportedStrategies[*]"),
});

const processorInfo = valueKind("aws_ec2_processor_info", {
  supported_architectures: texts("SupportedArchitectures[*]"),
  sustained_clock_speed_in_ghz: decimal("SustainedClockSpeedInGhz"),
});

const vcpuInfo = valueKind("aws_ec2_v_cpu_info", {
  default_v_cpus: integer("DefaultVCpus"),
  default_cores: integer("DefaultCores"),
  default_threads_per_core: integer("DefaultThreadsPerCore"),
  valid_cores: integers("ValidCores[*]"),
  valid_threads_per_core: integers("ValidThreadsPerCore[*]"),
});

/** An instance type that is in use. */
export const INSTANCE_TYPE: ResourceDeclaration = {
  kind: "aws_ec2_instance_type",
  bases: ["instance_type"],
  description: "A type of instances that is in use",
  list: {
    service: "ec2",
    operation: "DescribeInstanceTypes",
    result: "InstanceTypes[*]",
    pages: { ...EC2_PAGES, size: ["MaxResults", 100] },
    each: {
      kind: "aws_ec2_instance",
      path: "InstanceType",
      batch: 100,
      input: (values) => ({
        Filters: [{ Name: "instance-type", Values: values }],
      }),
    },
  },
  details: [
    productsOf("InstanceType", "instanceType", {
      capacitystatus: "Used",
      licenseModel: "No License required",
      marketoption: "OnDemand",
      operatingSystem: "Linux",
      preInstalledSw: "NA",
      tenancy: "Shared",
    }),
  ],
  id: "InstanceType",
  properties: {
    name: text("InstanceType"),
    instance_type: text("InstanceType"),
    instance_cores: decimal("VCpuInfo.DefaultVCpus"),
    instance_memory: decimal("MemoryInfo.SizeInMiB", { per: 1024 }),
    // Of an hour with Linux on shared hardware.
    ondemand_cost: onDemandPrice("Hrs"),
    current_generation: flag("CurrentGeneration"),
    free_tier_eligible: flag("FreeTierEligible"),
    supported_usage_classes: texts("SupportedUsageClasses[*]"),
    supported_root_device_types: texts("SupportedRootDeviceTypes[*]"),
    supported_virtualization_types: texts("SupportedVirtualizationTypes[*]"),
    bare_metal: flag("BareMetal"),
    hypervisor: text("Hypervisor"),
    instance_type_processor_info: object("ProcessorInfo", processorInfo),
    instance_type_v_cpu_info: object("VCpuInfo", vcpuInfo),
    memory_info: integer("MemoryInfo.SizeInMiB"),
    instance_storage_supported: flag("InstanceStorageSupported"),
    instance_type_instance_storage_info: object(
      "InstanceStorageInfo",
      instanceStorageInfo,
    ),
    instance_type_ebs_info: object("EbsInfo", ebsInfo),
    instance_type_network_info: object("NetworkInfo", networkInfo),
    instance_type_gpu_info: object("GpuInfo", gpuInfo),
    instance_type_fpga_info: object("FpgaInfo", fpgaInfo),
    instance_type_placement_group_info: object(
      "PlacementGroupInfo",
      placementGroupInfo,
    ),
    instance_type_inference_accelerator_info: object(
      "InferenceAcceleratorInfo",
      inferenceAcceleratorInfo,
    ),
    hibernation_supported: flag("HibernationSupported"),
    burstable_performance_supported: flag("BurstablePerformanceSupported"),
    dedicated_hosts_supported: flag("DedicatedHostsSupported"),
    auto_recovery_supported: flag("AutoRecoverySupported"),
    supported_boot_modes: texts("SupportedBootModes[*]"),
  },
  edges: [
    boundedBy("InstanceType", quotaOfInstanceType),
  ],
};
