import type {
  DeletedFirst,
  Item,
  ResourceDeclaration,
} from "../../declaration.ts";
import { parsePath, readFirst } from "../../path.ts";
import {
  base64,
  choice,
  decimal,
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";
import { gatewayOf, throughGateway } from "./public_gateway.ts";
import { groupIdentifier, productCode, stateReason } from "./shared_values.ts";

const capacityReservationTargetResponse = valueKind(
  "aws_ec2_capacity_reservation_target_response",
  {
    capacity_reservation_id: text("CapacityReservationId"),
    capacity_reservation_resource_group_arn: text(
      "CapacityReservationResourceGroupArn",
    ),
  },
);

const capacityReservationSpecificationResponse = valueKind(
  "aws_ec2_capacity_reservation_specification_response",
  {
    capacity_reservation_preference: text("CapacityReservationPreference"),
    capacity_reservation_target: object(
      "CapacityReservationTarget",
      capacityReservationTargetResponse,
    ),
  },
);

const cpuOptions = valueKind("aws_ec2_cpu_options", {
  core_count: integer("CoreCount"),
  threads_per_core: integer("ThreadsPerCore"),
});

const elasticGpuAssociation = valueKind("aws_ec2_elastic_gpu_association", {
  elastic_gpu_id: text("ElasticGpuId"),
  elastic_gpu_association_id: text("ElasticGpuAssociationId"),
  elastic_gpu_association_state: text("ElasticGpuAssociationState"),
  elastic_gpu_association_time: text("ElasticGpuAssociationTime"),
});

const elasticInferenceAcceleratorAssociation = valueKind(
  "aws_ec2_elastic_inference_accelerator_association",
  {
    elastic_inference_accelerator_arn: text("ElasticInferenceAcceleratorArn"),
    elastic_inference_accelerator_association_id: text(
      "ElasticInferenceAcceleratorAssociationId",
    ),
    elastic_inference_accelerator_association_state: text(
      "ElasticInferenceAcceleratorAssociationState",
    ),
    elastic_inference_accelerator_association_time: time(
      "ElasticInferenceAcceleratorAssociationTime",
    ),
  },
);

const iamInstanceProfile = valueKind("aws_ec2_iam_instance_profile", {
  arn: text("Arn"),
});

const ebsInstanceBlockDevice = valueKind("aws_ec2_ebs_instance_block_device", {
  attach_time: time("AttachTime"),
  delete_on_termination: flag("DeleteOnTermination"),
  status: text("Status"),
  volume_id: text("VolumeId"),
});

const instanceBlockDeviceMapping = valueKind(
  "aws_ec2_instance_block_device_mapping",
  {
    device_name: text("DeviceName"),
    ebs: object("Ebs", ebsInstanceBlockDevice),
  },
);

const instanceMetadataOptionsResponse = valueKind(
  "aws_ec2_instance_metadata_options_response",
  {
    state: text("State"),
    http_tokens: text("HttpTokens"),
    http_put_response_hop_limit: integer("HttpPutResponseHopLimit"),
    http_endpoint: text("HttpEndpoint"),
    http_protocol_ipv6: text("HttpProtocolIpv6"),
    instance_metadata_tags: text("InstanceMetadataTags"),
  },
);

const instanceNetworkInterfaceAssociation = valueKind(
  "aws_ec2_instance_network_interface_association",
  {
    carrier_ip: text("CarrierIp"),
    customer_owned_ip: text("CustomerOwnedIp"),
    owner_id: text("IpOwnerId"),
    public_dns_name: text("PublicDnsName"),
    public_ip: text("PublicIp"),
  },
);

const instanceNetworkInterfaceAttachment = valueKind(
  "aws_ec2_instance_network_interface_attachment",
  {
    attach_time: time("AttachTime"),
    attachment_id: text("AttachmentId"),
    delete_on_termination: flag("DeleteOnTermination"),
    device_index: integer("DeviceIndex"),
    status: text("Status"),
    network_card_index: integer("NetworkCardIndex"),
  },
);

const instancePrivateIpAddress = valueKind(
  "aws_ec2_instance_private_ip_address",
  {
    association: object("Association", instanceNetworkInterfaceAssociation),
    primary: flag("Primary"),
    private_dns_name: text("PrivateDnsName"),
    private_ip_address: text("PrivateIpAddress"),
  },
);

const instanceNetworkInterface = valueKind(
  "aws_ec2_instance_network_interface",
  {
    association: object("Association", instanceNetworkInterfaceAssociation),
    attachment: object("Attachment", instanceNetworkInterfaceAttachment),
    description: text("Description"),
    groups: objects("Groups", groupIdentifier),
    ipv6_addresses: texts("Ipv6Addresses[*].Ipv6Address"),
    mac_address: text("MacAddress"),
    network_interface_id: text("NetworkInterfaceId"),
    private_dns_name: text("PrivateDnsName"),
    private_ip_address: text("PrivateIpAddress"),
    private_ip_addresses: objects(
      "PrivateIpAddresses",
      instancePrivateIpAddress,
    ),
    source_dest_check: flag("SourceDestCheck"),
    status: text("Status"),
    interface_type: text("InterfaceType"),
    ipv4_prefixes: texts("Ipv4Prefixes[*].Ipv4Prefix"),
    ipv6_prefixes: texts("Ipv6Prefixes[*].Ipv6Prefix"),
  },
);

const instanceState = valueKind("aws_ec2_instance_state", {
  code: integer("Code"),
  name: text("Name"),
});

const placement = valueKind("aws_ec2_placement", {
  availability_zone: text("AvailabilityZone"),
  affinity: text("Affinity"),
  group_name: text("GroupName"),
  partition_number: integer("PartitionNumber"),
  host_id: text("HostId"),
  tenancy: text("Tenancy"),
  spread_domain: text("SpreadDomain"),
  host_resource_group_arn: text("HostResourceGroupArn"),
});

const privateDnsNameOptionsResponse = valueKind(
  "aws_ec2_private_dns_name_options_response",
  {
    hostname_type: text("HostnameType"),
    enable_resource_name_dns_a_record: flag("EnableResourceNameDnsARecord"),
    enable_resource_name_dns_aaaa_record: flag(
      "EnableResourceNameDnsAAAARecord",
    ),
  },
);

/** Our words for the states of an instance. */
const STATUS = {
  pending: "busy",
  running: "running",
  "shutting-down": "busy",
  terminated: "terminated",
  stopping: "busy",
  stopped: "stopped",
};

const STATE = parsePath("State.Name");

function isTerminated(item: Item): boolean {
  return readFirst(STATE, item) === "terminated";
}

/** One that is terminated is still listed for an hour, and holds nothing. */
function unlessTerminated(item: Item): DeletedFirst | undefined {
  return isTerminated(item) ? undefined : "self";
}

/** An EC2 instance. */
export const INSTANCE: ResourceDeclaration = {
  kind: "aws_ec2_instance",
  bases: ["instance"],
  description: "A virtual machine (EC2 instance)",
  list: {
    service: "ec2",
    operation: "DescribeInstances",
    result: "Reservations[*].Instances[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("instance-id"),
  details: [
    gatewayOf("VpcId"),
    {
      as: "$type",
      of: "InstanceType",
      batch: 100,
      service: "ec2",
      operation: "DescribeInstanceTypes",
      // A filter, because a type that is no longer offered fails the other way.
      askFor: (values) => ({
        Filters: [{ Name: "instance-type", Values: values }],
      }),
      result: "InstanceTypes[*]",
      pages: { ...EC2_PAGES, size: ["MaxResults", 100] },
      match: "InstanceType",
    },
    {
      as: "$keyPair",
      of: "KeyName",
      batch: 100,
      service: "ec2",
      operation: "DescribeKeyPairs",
      askFor: (values) => ({ Filters: [{ Name: "key-name", Values: values }] }),
      result: "KeyPairs[*]",
      match: "KeyName",
    },
    {
      as: "$userData",
      of: "InstanceId",
      service: "ec2",
      operation: "DescribeInstanceAttribute",
      askFor: ([id = ""]) => ({ InstanceId: id, Attribute: "userData" }),
      none: ["InvalidInstanceID.NotFound"],
      option: "collect_instance_user_data",
    },
  ],
  id: "InstanceId",
  zone: "Placement.AvailabilityZone",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    ctime: time("LaunchTime"),
    instance_status: choice("instance_status", "State.Name", STATUS, "unknown"),
    instance_cores: decimal([
      "$type.VCpuInfo.DefaultVCpus",
      "CpuOptions.CoreCount",
    ]),
    instance_memory: decimal("$type.MemoryInfo.SizeInMiB", { per: 1024 }),
    instance_ami_launch_index: integer("AmiLaunchIndex"),
    instance_image_id: text("ImageId"),
    instance_type: text("InstanceType"),
    instance_kernel_id: text("KernelId"),
    instance_key_name: text("KeyName"),
    instance_launch_time: time("LaunchTime"),
    instance_monitoring: text("Monitoring.State"),
    instance_placement: object("Placement", placement),
    instance_platform: text("Platform"),
    instance_private_dns_name: text("PrivateDnsName"),
    instance_private_ip_address: text("PrivateIpAddress"),
    instance_product_codes: objects("ProductCodes", productCode),
    instance_public_dns_name: text("PublicDnsName"),
    instance_public_ip_address: text("PublicIpAddress"),
    instance_ramdisk_id: text("RamdiskId"),
    instance_state: object("State", instanceState),
    instance_state_transition_reason: text("StateTransitionReason"),
    instance_subnet_id: text("SubnetId"),
    instance_architecture: text("Architecture"),
    instance_block_device_mappings: objects(
      "BlockDeviceMappings",
      instanceBlockDeviceMapping,
    ),
    instance_client_token: text("ClientToken"),
    instance_ebs_optimized: flag("EbsOptimized"),
    instance_ena_support: flag("EnaSupport"),
    instance_hypervisor: text("Hypervisor"),
    instance_iam_instance_profile: object(
      "IamInstanceProfile",
      iamInstanceProfile,
    ),
    instance_lifecycle: text("InstanceLifecycle"),
    instance_elastic_gpu_associations: objects(
      "ElasticGpuAssociations",
      elasticGpuAssociation,
    ),
    instance_elastic_inference_accelerator_associations: objects(
      "ElasticInferenceAcceleratorAssociations",
      elasticInferenceAcceleratorAssociation,
    ),
    instance_network_interfaces: objects(
      "NetworkInterfaces",
      instanceNetworkInterface,
    ),
    instance_outpost_arn: text("OutpostArn"),
    instance_root_device_name: text("RootDeviceName"),
    instance_root_device_type: text("RootDeviceType"),
    instance_security_groups: unordered(
      objects("SecurityGroups", groupIdentifier),
    ),
    instance_source_dest_check: flag("SourceDestCheck"),
    instance_spot_instance_request_id: text("SpotInstanceRequestId"),
    instance_sriov_net_support: text("SriovNetSupport"),
    instance_state_reason: object("StateReason", stateReason),
    instance_virtualization_type: text("VirtualizationType"),
    instance_cpu_options: object("CpuOptions", cpuOptions),
    instance_capacity_reservation_id: text("CapacityReservationId"),
    instance_capacity_reservation_specification: object(
      "CapacityReservationSpecification",
      capacityReservationSpecificationResponse,
    ),
    instance_hibernation_options: flag("HibernationOptions.Configured"),
    instance_licenses: texts("Licenses[*].LicenseConfigurationArn"),
    instance_metadata_options: object(
      "MetadataOptions",
      instanceMetadataOptionsResponse,
    ),
    instance_enclave_options: flag("EnclaveOptions.Enabled"),
    instance_boot_mode: text("BootMode"),
    instance_platform_details: text("PlatformDetails"),
    instance_usage_operation: text("UsageOperation"),
    instance_usage_operation_update_time: time("UsageOperationUpdateTime"),
    instance_private_dns_name_options: object(
      "PrivateDnsNameOptions",
      privateDnsNameOptionsResponse,
    ),
    instance_ipv6_address: text("Ipv6Address"),
    instance_tpm_support: text("TpmSupport"),
    instance_maintenance_options: text("MaintenanceOptions.AutoRecovery"),
    instance_user_data: base64("$userData.UserData.Value"),
  },
  edges: [
    throughGateway("PublicIpAddress", { deletedFirst: unlessTerminated }),
    { predecessor: "aws_ec2_instance_type", id: "InstanceType" },
    { predecessor: "aws_ec2_image", id: "ImageId" },
    {
      predecessor: "aws_ec2_launch_template",
      id: "Tags[aws:ec2launchtemplate:id]",
    },
    { predecessor: "aws_iam_instance_profile", id: "IamInstanceProfile.Arn" },
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: unlessTerminated },
    {
      predecessor: "aws_ec2_subnet",
      id: "SubnetId",
      deletedFirst: unlessTerminated,
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "SecurityGroups[*].GroupId",
      deletedFirst: unlessTerminated,
    },
    {
      successor: "aws_ec2_keypair",
      id: "$keyPair.KeyPairId",
      deletedFirst: unlessTerminated,
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "TerminateInstances",
      input: (_item, { id }) => ({ InstanceIds: [id] }),
    }],
    isGone: isTerminated,
    going: { of: "State.Name", states: ["shutting-down"] },
    gone: ["InvalidInstanceID.NotFound"],
    withinSeconds: 900,
  },
  tagging: ec2Tagging(),
};
