import type { Migration } from "./migration.ts";

/**
 * Tables of a graph. They have no index: the search index answers, and the
 * record is read by id. No worker may see or change anything here.
 */
export const GRAPH_0001: Migration = {
  id: 1,
  name: "graph",
  sql: `
DEFINE TABLE node SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE edge_default TYPE RELATION IN node OUT node
  SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE edge_delete TYPE RELATION IN node OUT node
  SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE edge_iam TYPE RELATION IN node OUT node
  SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE history SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE ledger SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE change SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE kind SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE deferred_edge SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE meta SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE commit SCHEMALESS PERMISSIONS NONE;
`,
};
