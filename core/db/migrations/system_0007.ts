import type { Migration } from "./migration.ts";

/** The last word of changes of each graph. Tokens of metrics see it, no others. */
export const SYSTEM_0007: Migration = {
  id: 7,
  name: "changes of graphs",
  sql: `
DEFINE TABLE graph_change SCHEMALESS
  PERMISSIONS FOR select WHERE $token.role = "metrics";
`,
};
