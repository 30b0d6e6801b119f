import type { Migration } from "./migration.ts";

/** The table of snapshots: names of states of the graph. */
export const GRAPH_0002: Migration = {
  id: 2,
  name: "snapshots",
  sql: "DEFINE TABLE snapshot SCHEMALESS PERMISSIONS NONE;",
};
