import type { Migration } from "./migration.ts";

/** Cleanup plans, their steps and what they leave. Workers see nothing of them. */
export const SYSTEM_0006: Migration = {
  id: 6,
  name: "cleanup plans",
  sql: `
DEFINE TABLE cleanup_plan SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE cleanup_item SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE cleanup_blocked SCHEMALESS PERMISSIONS NONE;
`,
};
