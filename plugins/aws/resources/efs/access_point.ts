import type { ResourceDeclaration } from "../../declaration.ts";
import { EFS_TAGGING } from "./efs_tagging.ts";
import {
  integer,
  integers,
  object,
  tags,
  text,
  valueKind,
} from "../../property.ts";

const posixUser = valueKind("aws_efs_posix_user", {
  uid: integer("Uid"),
  gid: integer("Gid"),
  secondary_gids: integers("SecondaryGids[*]"),
});

const creationInfo = valueKind("aws_efs_creation_info", {
  owner_uid: integer("OwnerUid"),
  owner_gid: integer("OwnerGid"),
  permissions: text("Permissions"),
});

const rootDirectory = valueKind("aws_efs_root_directory", {
  path: text("Path"),
  creation_info: object("CreationInfo", creationInfo),
});

/** A way into a folder of a file system of EFS. */
export const ACCESS_POINT: ResourceDeclaration = {
  kind: "aws_efs_access_point",
  description: "A way into a folder of a file system (EFS)",
  list: {
    service: "efs",
    operation: "DescribeAccessPoints",
    result: "AccessPoints[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
  },
  one: ({ id }) => ({ AccessPointId: id }),
  id: "AccessPointId",
  properties: {
    tags: tags("Tags"),
    name: text("Name"),
    client_token: text("ClientToken"),
    arn: text("AccessPointArn"),
    posix_user: object("PosixUser", posixUser),
    root_directory: object("RootDirectory", rootDirectory),
    owner_id: text("OwnerId"),
    life_cycle_state: text("LifeCycleState"),
  },
  edges: [{
    predecessor: "aws_efs_file_system",
    id: "FileSystemId",
    deletedFirst: "self",
  }],
  remove: {
    calls: [{
      service: "efs",
      operation: "DeleteAccessPoint",
      input: (_, { id }) => ({ AccessPointId: id }),
    }],
    going: { of: "LifeCycleState", states: ["deleting"] },
    gone: ["AccessPointNotFound"],
  },
  tagging: EFS_TAGGING,
};
