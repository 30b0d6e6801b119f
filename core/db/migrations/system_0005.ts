import type { Migration } from "./migration.ts";

/**
 * Where graphs lie that were copied, imported or restored, or are to be removed;
 * and rows of a backup until they take the place of what is there.
 */
export const SYSTEM_0005: Migration = {
  id: 5,
  name: "places of graphs",
  sql: `
DEFINE TABLE graph_place SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE restore SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE restore_row SCHEMALESS PERMISSIONS NONE;
`,
};
