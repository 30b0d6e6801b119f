import {
  decimal,
  flag,
  integer,
  object,
  objects,
  text,
  texts,
  time,
  type ValueDeclaration,
  valueKind,
} from "../../property.ts";

const iamInstanceProfileSpecification = valueKind(
  "aws_ec2_launch_template_iam_instance_profile_specification",
  {
    arn: text("Arn"),
    name: text("Name"),
  },
);

const ebsBlockDevice = valueKind("aws_ec2_launch_template_ebs_block_device", {
  encrypted: flag("Encrypted"),
  delete_on_termination: flag("DeleteOnTermination"),
  iops: integer("Iops"),
  kms_key_id: text("KmsKeyId"),
  snapshot_id: text("SnapshotId"),
  volume_size: integer("VolumeSize"),
  volume_type: text("VolumeType"),
  throughput: integer("Throughput"),
});

const blockDeviceMapping = valueKind(
  "aws_ec2_launch_template_block_device_mapping",
  {
    device_name: text("DeviceName"),
    virtual_name: text("VirtualName"),
    ebs: object("Ebs", ebsBlockDevice),
    no_device: text("NoDevice"),
  },
);

const instanceIpv6Address = valueKind(
  "aws_ec2_launch_template_instance_ipv6_address",
  {
    ipv6_address: text("Ipv6Address"),
    is_primary_ipv6: flag("IsPrimaryIpv6"),
  },
);

const privateIpAddressSpecification = valueKind(
  "aws_ec2_launch_template_private_ip_address_specification",
  {
    primary: flag("Primary"),
    private_ip_address: text("PrivateIpAddress"),
  },
);

const enaSrdSpecification = valueKind(
  "aws_ec2_launch_template_ena_srd_specification",
  {
    ena_srd_enabled: flag("EnaSrdEnabled"),
    ena_srd_udp_specification: flag("EnaSrdUdpSpecification.EnaSrdUdpEnabled"),
  },
);

const connectionTrackingSpecification = valueKind(
  "aws_ec2_launch_template_connection_tracking_specification",
  {
    tcp_established_timeout: integer("TcpEstablishedTimeout"),
    udp_timeout: integer("UdpTimeout"),
    udp_stream_timeout: integer("UdpStreamTimeout"),
  },
);

const instanceNetworkInterfaceSpecification = valueKind(
  "aws_ec2_launch_template_instance_network_interface_specification",
  {
    associate_carrier_ip_address: flag("AssociateCarrierIpAddress"),
    associate_public_ip_address: flag("AssociatePublicIpAddress"),
    delete_on_termination: flag("DeleteOnTermination"),
    description: text("Description"),
    device_index: integer("DeviceIndex"),
    groups: texts("Groups[*]"),
    interface_type: text("InterfaceType"),
    ipv6_address_count: integer("Ipv6AddressCount"),
    ipv6_addresses: objects("Ipv6Addresses", instanceIpv6Address),
    network_interface_id: text("NetworkInterfaceId"),
    private_ip_address: text("PrivateIpAddress"),
    private_ip_addresses: objects(
      "PrivateIpAddresses",
      privateIpAddressSpecification,
    ),
    secondary_private_ip_address_count: integer(
      "SecondaryPrivateIpAddressCount",
    ),
    subnet_id: text("SubnetId"),
    network_card_index: integer("NetworkCardIndex"),
    ipv4_prefixes: texts("Ipv4Prefixes[*].Ipv4Prefix"),
    ipv4_prefix_count: integer("Ipv4PrefixCount"),
    ipv6_prefixes: texts("Ipv6Prefixes[*].Ipv6Prefix"),
    ipv6_prefix_count: integer("Ipv6PrefixCount"),
    primary_ipv6: flag("PrimaryIpv6"),
    ena_srd_specification: object("EnaSrdSpecification", enaSrdSpecification),
    connection_tracking_specification: object(
      "ConnectionTrackingSpecification",
      connectionTrackingSpecification,
    ),
  },
);

const placement = valueKind("aws_ec2_launch_template_placement", {
  availability_zone: text("AvailabilityZone"),
  affinity: text("Affinity"),
  group_name: text("GroupName"),
  host_id: text("HostId"),
  tenancy: text("Tenancy"),
  spread_domain: text("SpreadDomain"),
  host_resource_group_arn: text("HostResourceGroupArn"),
  partition_number: integer("PartitionNumber"),
  group_id: text("GroupId"),
});

const tagSpecification = valueKind(
  "aws_ec2_launch_template_tag_specification",
  {
    resource_type: text("ResourceType"),
  },
);

const elasticInferenceAcceleratorResponse = valueKind(
  "aws_ec2_launch_template_elastic_inference_accelerator_response",
  {
    type: text("Type"),
    count: integer("Count"),
  },
);

const spotMarketOptions = valueKind(
  "aws_ec2_launch_template_spot_market_options",
  {
    max_price: text("MaxPrice"),
    spot_instance_type: text("SpotInstanceType"),
    block_duration_minutes: integer("BlockDurationMinutes"),
    valid_until: time("ValidUntil"),
    instance_interruption_behavior: text("InstanceInterruptionBehavior"),
  },
);

const instanceMarketOptions = valueKind(
  "aws_ec2_launch_template_instance_market_options",
  {
    market_type: text("MarketType"),
    spot_options: object("SpotOptions", spotMarketOptions),
  },
);

const cpuOptions = valueKind("aws_ec2_launch_template_cpu_options", {
  core_count: integer("CoreCount"),
  threads_per_core: integer("ThreadsPerCore"),
  amd_sev_snp: text("AmdSevSnp"),
});

const capacityReservationTargetResponse = valueKind(
  "aws_ec2_launch_template_capacity_reservation_target_response",
  {
    capacity_reservation_id: text("CapacityReservationId"),
    capacity_reservation_resource_group_arn: text(
      "CapacityReservationResourceGroupArn",
    ),
  },
);

const capacityReservationSpecificationResponse = valueKind(
  "aws_ec2_launch_template_capacity_reservation_specification_response",
  {
    capacity_reservation_preference: text("CapacityReservationPreference"),
    capacity_reservation_target: object(
      "CapacityReservationTarget",
      capacityReservationTargetResponse,
    ),
  },
);

const instanceMetadataOptions = valueKind(
  "aws_ec2_launch_template_instance_metadata_options",
  {
    state: text("State"),
    http_tokens: text("HttpTokens"),
    http_put_response_hop_limit: integer("HttpPutResponseHopLimit"),
    http_endpoint: text("HttpEndpoint"),
    http_protocol_ipv6: text("HttpProtocolIpv6"),
    instance_metadata_tags: text("InstanceMetadataTags"),
  },
);

const vCpuCountRange = valueKind("aws_ec2_launch_template_v_cpu_count_range", {
  min: integer("Min"),
  max: integer("Max"),
});

const memoryMiB = valueKind("aws_ec2_launch_template_memory_mi_b", {
  min: integer("Min"),
  max: integer("Max"),
});

const memoryGiBPerVCpu = valueKind(
  "aws_ec2_launch_template_memory_gi_b_per_v_cpu",
  {
    min: decimal("Min"),
    max: decimal("Max"),
  },
);

const networkInterfaceCount = valueKind(
  "aws_ec2_launch_template_network_interface_count",
  {
    min: integer("Min"),
    max: integer("Max"),
  },
);

const totalLocalStorageGB = valueKind(
  "aws_ec2_launch_template_total_local_storage_gb",
  {
    min: decimal("Min"),
    max: decimal("Max"),
  },
);

const baselineEbsBandwidthMbps = valueKind(
  "aws_ec2_launch_template_baseline_ebs_bandwidth_mbps",
  {
    min: integer("Min"),
    max: integer("Max"),
  },
);

const acceleratorCount = valueKind(
  "aws_ec2_launch_template_accelerator_count",
  {
    min: integer("Min"),
    max: integer("Max"),
  },
);

const acceleratorTotalMemoryMiB = valueKind(
  "aws_ec2_launch_template_accelerator_total_memory_mi_b",
  {
    min: integer("Min"),
    max: integer("Max"),
  },
);

const networkBandwidthGbps = valueKind(
  "aws_ec2_launch_template_network_bandwidth_gbps",
  {
    min: decimal("Min"),
    max: decimal("Max"),
  },
);

const instanceRequirements = valueKind(
  "aws_ec2_launch_template_instance_requirements",
  {
    v_cpu_count: object("VCpuCount", vCpuCountRange),
    memory_mi_b: object("MemoryMiB", memoryMiB),
    cpu_manufacturers: texts("CpuManufacturers[*]"),
    memory_gi_b_per_v_cpu: object("MemoryGiBPerVCpu", memoryGiBPerVCpu),
    excluded_instance_types: texts("ExcludedInstanceTypes[*]"),
    instance_generations: texts("InstanceGenerations[*]"),
    spot_max_price_percentage_over_lowest_price: integer(
      "SpotMaxPricePercentageOverLowestPrice",
    ),
    on_demand_max_price_percentage_over_lowest_price: integer(
      "OnDemandMaxPricePercentageOverLowestPrice",
    ),
    bare_metal: text("BareMetal"),
    burstable_performance: text("BurstablePerformance"),
    require_hibernate_support: flag("RequireHibernateSupport"),
    network_interface_count: object(
      "NetworkInterfaceCount",
      networkInterfaceCount,
    ),
    local_storage: text("LocalStorage"),
    local_storage_types: texts("LocalStorageTypes[*]"),
    total_local_storage_gb: object("TotalLocalStorageGB", totalLocalStorageGB),
    baseline_ebs_bandwidth_mbps: object(
      "BaselineEbsBandwidthMbps",
      baselineEbsBandwidthMbps,
    ),
    accelerator_types: texts("AcceleratorTypes[*]"),
    accelerator_count: object("AcceleratorCount", acceleratorCount),
    accelerator_manufacturers: texts("AcceleratorManufacturers[*]"),
    accelerator_names: texts("AcceleratorNames[*]"),
    accelerator_total_memory_mi_b: object(
      "AcceleratorTotalMemoryMiB",
      acceleratorTotalMemoryMiB,
    ),
    network_bandwidth_gbps: object(
      "NetworkBandwidthGbps",
      networkBandwidthGbps,
    ),
    allowed_instance_types: texts("AllowedInstanceTypes[*]"),
  },
);

const privateDnsNameOptions = valueKind(
  "aws_ec2_launch_template_private_dns_name_options",
  {
    hostname_type: text("HostnameType"),
    enable_resource_name_dns_a_record: flag("EnableResourceNameDnsARecord"),
    enable_resource_name_dns_aaaa_record: flag(
      "EnableResourceNameDnsAAAARecord",
    ),
  },
);

/**
 * What instances of a launch template begin with, but for their user data: it
 * often holds secrets.
 */
export const launchTemplateData: ValueDeclaration = valueKind(
  "aws_ec2_launch_template_data",
  {
    kernel_id: text("KernelId"),
    ebs_optimized: flag("EbsOptimized"),
    iam_instance_profile: object(
      "IamInstanceProfile",
      iamInstanceProfileSpecification,
    ),
    block_device_mappings: objects("BlockDeviceMappings", blockDeviceMapping),
    network_interfaces: objects(
      "NetworkInterfaces",
      instanceNetworkInterfaceSpecification,
    ),
    image_id: text("ImageId"),
    instance_type: text("InstanceType"),
    key_name: text("KeyName"),
    monitoring: flag("Monitoring.Enabled"),
    placement: object("Placement", placement),
    ram_disk_id: text("RamDiskId"),
    disable_api_termination: flag("DisableApiTermination"),
    instance_initiated_shutdown_behavior: text(
      "InstanceInitiatedShutdownBehavior",
    ),
    tag_specifications: objects("TagSpecifications", tagSpecification),
    elastic_gpu_specifications: texts("ElasticGpuSpecifications[*].Type"),
    elastic_inference_accelerators: objects(
      "ElasticInferenceAccelerators",
      elasticInferenceAcceleratorResponse,
    ),
    security_group_ids: texts("SecurityGroupIds[*]"),
    security_groups: texts("SecurityGroups[*]"),
    instance_market_options: object(
      "InstanceMarketOptions",
      instanceMarketOptions,
    ),
    credit_specification: text("CreditSpecification.CpuCredits"),
    cpu_options: object("CpuOptions", cpuOptions),
    capacity_reservation_specification: object(
      "CapacityReservationSpecification",
      capacityReservationSpecificationResponse,
    ),
    license_specifications: texts(
      "LicenseSpecifications[*].LicenseConfigurationArn",
    ),
    hibernation_options: flag("HibernationOptions.Configured"),
    metadata_options: object("MetadataOptions", instanceMetadataOptions),
    enclave_options: flag("EnclaveOptions.Enabled"),
    instance_requirements: object("InstanceRequirements", instanceRequirements),
    private_dns_name_options: object(
      "PrivateDnsNameOptions",
      privateDnsNameOptions,
    ),
    maintenance_options: text("MaintenanceOptions.AutoRecovery"),
    disable_api_stop: flag("DisableApiStop"),
  },
);
