import type { ResourceDeclaration } from "../../declaration.ts";
import { CLUSTER } from "./cluster.ts";

/** The kinds of Redshift. */
export const REDSHIFT_RESOURCES: readonly ResourceDeclaration[] = [
  CLUSTER,
];
