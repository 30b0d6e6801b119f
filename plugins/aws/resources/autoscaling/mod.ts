import type { ResourceDeclaration } from "../../declaration.ts";
import { AUTOSCALING_GROUP } from "./group.ts";

/** What Auto Scaling has. */
export const AUTOSCALING_RESOURCES: readonly ResourceDeclaration[] = [
  AUTOSCALING_GROUP,
];
