import type { ResourceDeclaration } from "../../declaration.ts";
import { ACCESS_POINT } from "./access_point.ts";
import { FILE_SYSTEM } from "./file_system.ts";
import { MOUNT_TARGET } from "./mount_target.ts";

/** The kinds of EFS. */
export const EFS_RESOURCES: readonly ResourceDeclaration[] = [
  ACCESS_POINT,
  FILE_SYSTEM,
  MOUNT_TARGET,
];
