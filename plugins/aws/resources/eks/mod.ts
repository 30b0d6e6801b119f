import type { ResourceDeclaration } from "../../declaration.ts";
import { CLUSTER } from "./cluster.ts";
import { NODEGROUP } from "./nodegroup.ts";

/** The kinds of the Elastic Kubernetes Service, in no order that means anything. */
export const EKS_RESOURCES: readonly ResourceDeclaration[] = [
  CLUSTER,
  NODEGROUP,
];
