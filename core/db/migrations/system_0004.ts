import type { Migration } from "./migration.ts";

/** The table of jobs. Workers see nothing of them. */
export const SYSTEM_0004: Migration = {
  id: 4,
  name: "jobs",
  sql: "DEFINE TABLE job SCHEMALESS PERMISSIONS NONE;",
};
