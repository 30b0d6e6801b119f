import type { Migration } from "./migration.ts";

/**
 * Tables of the registry of plugins. Workers learn of it over HTTP: no session
 * of theirs may see or change anything here.
 */
export const SYSTEM_0003: Migration = {
  id: 3,
  name: "registry of plugins",
  sql: `
DEFINE TABLE plugin_version SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE plugin_text SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE plugin_policy SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE plugin_key SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE plugin_reaction SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE plugin_audit SCHEMALESS PERMISSIONS NONE;
DEFINE INDEX plugin_audit_shelf ON plugin_audit FIELDS plugin, shelf, at;
`,
};
