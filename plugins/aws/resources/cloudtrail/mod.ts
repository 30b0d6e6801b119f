import type { ResourceDeclaration } from "../../declaration.ts";
import { TRAIL } from "./trail.ts";

/** The kinds of CloudTrail, in no order that means anything. */
export const CLOUDTRAIL_RESOURCES: readonly ResourceDeclaration[] = [
  TRAIL,
];
