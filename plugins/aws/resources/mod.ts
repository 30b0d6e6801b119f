/**
 * Every kind of resources that is collected: one folder for each service.
 *
 * @module
 */

import type { ResourceDeclaration } from "../declaration.ts";
import { EC2_RESOURCES } from "./ec2/mod.ts";
import { IAM_RESOURCES } from "./iam/mod.ts";

/** The declarations, in no order that means anything. */
export const RESOURCES: readonly ResourceDeclaration[] = [
  ...EC2_RESOURCES,
  ...IAM_RESOURCES,
];
