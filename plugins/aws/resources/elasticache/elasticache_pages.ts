import type { Paging } from "../../declaration.ts";

/** How ElastiCache pages. */
export const ELASTICACHE_PAGES: Paging = {
  input: "Marker",
  output: "Marker",
  size: ["MaxRecords", 100],
};
