import type { ResourceDeclaration } from "../../declaration.ts";
import { CLASSIC_LOAD_BALANCER } from "./load_balancer.ts";

/** What the first load balancers have. */
export const ELB_RESOURCES: readonly ResourceDeclaration[] = [
  CLASSIC_LOAD_BALANCER,
];
