import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";
import { productCode, stateReason } from "./shared_values.ts";

const ebsBlockDevice = valueKind("aws_ec2_ebs_block_device", {
  delete_on_termination: flag("DeleteOnTermination"),
  iops: integer("Iops"),
  snapshot_id: text("SnapshotId"),
  volume_size: integer("VolumeSize"),
  volume_type: text("VolumeType"),
  kms_key_id: text("KmsKeyId"),
  throughput: integer("Throughput"),
  outpost_arn: text("OutpostArn"),
  encrypted: flag("Encrypted"),
});

const blockDeviceMapping = valueKind("aws_ec2_block_device_mapping", {
  device_name: text("DeviceName"),
  virtual_name: text("VirtualName"),
  ebs: object("Ebs", ebsBlockDevice),
  no_device: text("NoDevice"),
});

/** A machine image that this account owns. */
export const IMAGE: ResourceDeclaration = {
  kind: "aws_ec2_image",
  description: "A machine image (AMI), owned by this account",
  categories: ["compute"],
  list: {
    service: "ec2",
    operation: "DescribeImages",
    input: { Owners: ["self"] },
    result: "Images[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("image-id"),
  id: "ImageId",
  properties: {
    tags: tags("Tags"),
    name: text("Name"),
    ctime: time("CreationDate"),
    architecture: text("Architecture"),
    image_location: text("ImageLocation"),
    image_type: text("ImageType"),
    public: flag("Public"),
    kernel_id: text("KernelId"),
    owner_id: text("OwnerId"),
    platform: text("Platform"),
    platform_details: text("PlatformDetails"),
    usage_operation: text("UsageOperation"),
    product_codes: objects("ProductCodes", productCode),
    ramdisk_id: text("RamdiskId"),
    state: text("State"),
    block_device_mappings: objects("BlockDeviceMappings", blockDeviceMapping),
    description: text("Description"),
    ena_support: flag("EnaSupport"),
    hypervisor: text("Hypervisor"),
    image_owner_alias: text("ImageOwnerAlias"),
    root_device_name: text("RootDeviceName"),
    root_device_type: text("RootDeviceType"),
    sriov_net_support: text("SriovNetSupport"),
    state_reason: object("StateReason", stateReason),
    virtualization_type: text("VirtualizationType"),
    boot_mode: text("BootMode"),
    tpm_support: text("TpmSupport"),
    deprecation_time: text("DeprecationTime"),
    imds_support: text("ImdsSupport"),
    source_instance_id: text("SourceInstanceId"),
  },
  edges: [
    {
      successor: "aws_ec2_snapshot",
      id: "BlockDeviceMappings[*].Ebs.SnapshotId",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeregisterImage",
      input: (_item, { id }) => ({ ImageId: id }),
    }],
    isGone: (item) => item["State"] === "deregistered",
    gone: ["InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"],
  },
  tagging: ec2Tagging(),
};
