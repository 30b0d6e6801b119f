import type { ResourceDeclaration } from "../../declaration.ts";
import { CACHE_CLUSTER } from "./cache_cluster.ts";
import { REPLICATION_GROUP } from "./replication_group.ts";

/** The kinds of ElastiCache. */
export const ELASTICACHE_RESOURCES: readonly ResourceDeclaration[] = [
  CACHE_CLUSTER,
  REPLICATION_GROUP,
];
