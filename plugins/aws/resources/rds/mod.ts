import type { ResourceDeclaration } from "../../declaration.ts";
import { CLUSTER } from "./cluster.ts";
import { CLUSTER_SNAPSHOT } from "./cluster_snapshot.ts";
import { INSTANCE } from "./instance.ts";
import { SNAPSHOT } from "./snapshot.ts";

/** The kinds of RDS. */
export const RDS_RESOURCES: readonly ResourceDeclaration[] = [
  CLUSTER,
  CLUSTER_SNAPSHOT,
  INSTANCE,
  SNAPSHOT,
];
