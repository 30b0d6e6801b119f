import type { ResourceDeclaration } from "../../declaration.ts";
import { text } from "../../property.ts";

/** Where a subnet reaches a file system of EFS. */
export const MOUNT_TARGET: ResourceDeclaration = {
  kind: "aws_efs_mount_target",
  description: "Where a subnet reaches a file system (EFS)",
  list: {
    service: "efs",
    operation: "DescribeMountTargets",
    result: "MountTargets[*]",
    pages: {
      input: "Marker",
      output: "NextMarker",
      size: ["MaxItems", 100],
    },
    none: ["FileSystemNotFound"],
    each: {
      kind: "aws_efs_file_system",
      path: "FileSystemId",
      batch: 1,
      input: ([id = ""]) => ({ FileSystemId: id }),
    },
  },
  one: ({ id }) => ({ MountTargetId: id }),
  details: [{
    as: "$groups",
    of: "MountTargetId",
    service: "efs",
    operation: "DescribeMountTargetSecurityGroups",
    askFor: ([id = ""]) => ({ MountTargetId: id }),
    none: ["MountTargetNotFound", "IncorrectMountTargetState"],
  }],
  id: "MountTargetId",
  zone: "AvailabilityZoneName",
  properties: {
    owner_id: text("OwnerId"),
    life_cycle_state: text("LifeCycleState"),
    ip_address: text("IpAddress"),
    availability_zone_name: text("AvailabilityZoneName"),
  },
  edges: [
    {
      predecessor: "aws_efs_file_system",
      id: "FileSystemId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_network_interface",
      id: "NetworkInterfaceId",
      deletedFirst: "self",
    },
    { predecessor: "aws_vpc", id: "VpcId", deletedFirst: "self" },
    { predecessor: "aws_ec2_subnet", id: "SubnetId", deletedFirst: "self" },
    {
      predecessor: "aws_ec2_security_group",
      id: "$groups.SecurityGroups[*]",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "efs",
      operation: "DeleteMountTarget",
      input: (_, { id }) => ({ MountTargetId: id }),
    }],
    going: { of: "LifeCycleState", states: ["deleting"] },
    gone: ["MountTargetNotFound"],
    later: ["DependencyTimeout"],
    withinSeconds: 300,
  },
};
