/**
 * Schema of the database `system`.
 *
 * @module
 */

import type { Migration } from "./migration.ts";
import { SYSTEM_0001 } from "./system_0001.ts";
import { SYSTEM_0002 } from "./system_0002.ts";
import { SYSTEM_0003 } from "./system_0003.ts";
import { SYSTEM_0004 } from "./system_0004.ts";
import { SYSTEM_0005 } from "./system_0005.ts";
import { SYSTEM_0006 } from "./system_0006.ts";
import { SYSTEM_0007 } from "./system_0007.ts";

/** Every migration of the control plane, in order. */
export const SYSTEM_MIGRATIONS: readonly Migration[] = [
  SYSTEM_0001,
  SYSTEM_0002,
  SYSTEM_0003,
  SYSTEM_0004,
  SYSTEM_0005,
  SYSTEM_0006,
  SYSTEM_0007,
];
