import type { ResourceDeclaration } from "../../declaration.ts";
import { LOAD_BALANCER } from "./load_balancer.ts";
import { TARGET_GROUP } from "./target_group.ts";

/** Load balancers of today and what they forward to. */
export const ELBV2_RESOURCES: readonly ResourceDeclaration[] = [
  LOAD_BALANCER,
  TARGET_GROUP,
];
