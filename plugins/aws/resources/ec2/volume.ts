import { kmsKeyId } from "../../arn.ts";
import type {
  GoesAlong,
  Item,
  ResourceDeclaration,
} from "../../declaration.ts";
import { parsePath, readAll } from "../../path.ts";
import {
  choice,
  flag,
  integer,
  objects,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";

const volumeAttachment = valueKind("aws_ec2_volume_attachment", {
  attach_time: time("AttachTime"),
  device: text("Device"),
  instance_id: text("InstanceId"),
  state: text("State"),
  volume_id: text("VolumeId"),
  delete_on_termination: flag("DeleteOnTermination"),
});

const DELETED_WITH = parsePath("Attachments[*].DeleteOnTermination");

/** Whether it is deleted when an instance is terminated that has it. */
function goesWithInstance(item: Item): GoesAlong | undefined {
  return readAll(DELETED_WITH, item).includes(true) ? "self" : undefined;
}

/** Our words for the states of a volume. */
const STATUS = {
  creating: "busy",
  available: "available",
  "in-use": "in-use",
  deleting: "busy",
  deleted: "deleted",
  error: "error",
  busy: "busy",
};

/** An EBS volume. */
export const VOLUME: ResourceDeclaration = {
  kind: "aws_ec2_volume",
  bases: ["volume"],
  description: "A block storage volume (EBS)",
  list: {
    service: "ec2",
    operation: "DescribeVolumes",
    result: "Volumes[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("volume-id"),
  id: "VolumeId",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    ctime: time("CreateTime"),
    volume_size: integer("Size"),
    volume_type: text("VolumeType"),
    volume_status: choice("volume_status", "State", STATUS, "unknown"),
    volume_iops: integer("Iops"),
    volume_throughput: integer("Throughput"),
    volume_encrypted: flag("Encrypted"),
    volume_attachments: objects("Attachments", volumeAttachment),
    availability_zone: text("AvailabilityZone"),
    volume_kms_key_id: text("KmsKeyId"),
    volume_outpost_arn: text("OutpostArn"),
    volume_snapshot_id: text("SnapshotId"),
    volume_fast_restored: flag("FastRestored"),
    volume_multi_attach_enabled: flag("MultiAttachEnabled"),
  },
  edges: [
    { predecessor: "aws_ec2_volume_type", id: "VolumeType" },
    {
      predecessor: "aws_ec2_instance",
      id: "Attachments[*].InstanceId",
      deletedFirst: "other",
      goesAlong: goesWithInstance,
    },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteVolume",
      input: (_item, { id }) => ({ VolumeId: id }),
    }],
    isGone: (item) => item["State"] === "deleted",
    gone: ["InvalidVolume.NotFound"],
    // Until the instance that it was attached to has let go of it.
    later: ["VolumeInUse", "IncorrectState"],
    withinSeconds: 300,
    follows: {
      volume_attachments: "less",
      volume_status: "any",
    },
  },
  tagging: ec2Tagging(),
};
