import type { ResourceDeclaration } from "../../declaration.ts";
import { kmsKeyId } from "../../arn.ts";
import { EFS_TAGGING } from "./efs_tagging.ts";
import {
  decimal,
  flag,
  gibibytes,
  integer,
  policy,
  tags,
  text,
  time,
  volatile,
} from "../../property.ts";

/** A file system of EFS. It is deleted with all files, without a copy. */
export const FILE_SYSTEM: ResourceDeclaration = {
  kind: "aws_efs_file_system",
  bases: ["network_share"],
  description: "A file system (EFS)",
  list: {
    service: "efs",
    operation: "DescribeFileSystems",
    result: "FileSystems[*]",
    pages: {
      input: "Marker",
      output: "NextMarker",
      size: ["MaxItems", 100],
    },
  },
  one: ({ id }) => ({ FileSystemId: id }),
  details: [{
    as: "$policy",
    of: "FileSystemId",
    service: "efs",
    operation: "DescribeFileSystemPolicy",
    askFor: ([id = ""]) => ({ FileSystemId: id }),
    none: ["PolicyNotFound", "FileSystemNotFound"],
  }],
  id: "FileSystemId",
  properties: {
    tags: tags("Tags"),
    name: text("Name"),
    ctime: time("CreationTime"),
    owner_id: text("OwnerId"),
    creation_token: text("CreationToken"),
    arn: text("FileSystemArn"),
    share_status: text("LifeCycleState"),
    share_size: volatile(gibibytes("SizeInBytes.Value")),
    share_encrypted: flag("Encrypted"),
    share_throughput: decimal("ProvisionedThroughputInMibps", {
      per: 1 / 1024 ** 2,
    }),
    provisioned_throughput_in_mibps: decimal("ProvisionedThroughputInMibps"),
    number_of_mount_targets: integer("NumberOfMountTargets"),
    performance_mode: text("PerformanceMode"),
    throughput_mode: text("ThroughputMode"),
    availability_zone_name: text("AvailabilityZoneName"),
    file_system_policy: policy("$policy.Policy"),
  },
  edges: [
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "efs",
      operation: "DeleteFileSystem",
      input: (_, { id }) => ({ FileSystemId: id }),
    }],
    going: { of: "LifeCycleState", states: ["deleting"] },
    gone: ["FileSystemNotFound"],
    later: ["FileSystemInUse"],
    follows: { number_of_mount_targets: "any" },
  },
  tagging: EFS_TAGGING,
};
