import type { Migration } from "./migration.ts";

/** Templates of searches. Workers see nothing of them. */
export const SYSTEM_0002: Migration = {
  id: 2,
  name: "search templates",
  sql: `
DEFINE TABLE search_template SCHEMALESS PERMISSIONS NONE;
DEFINE FIELD template ON search_template TYPE string;
`,
};
