import type { Migration } from "./migration.ts";

/**
 * Tables of the control plane. A worker's session sees and changes its own
 * actions, tasks and subscription only (`worker = $auth`, never `$auth.id`,
 * which is NONE for a record that does not exist), and of these only the fields
 * that say how the work goes on. Owners are not bound by permissions.
 */
export const SYSTEM_0001: Migration = {
  id: 1,
  name: "control plane",
  sql: `
DEFINE TABLE worker SCHEMALESS PERMISSIONS FOR select WHERE id = $auth;
DEFINE FIELD active ON worker TYPE bool DEFAULT true;

DEFINE TABLE subscriber SCHEMALESS
  PERMISSIONS FOR select, update WHERE worker = $auth;
DEFINE FIELD worker ON subscriber TYPE record<worker>
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD subscriptions ON subscriber TYPE object DEFAULT {}
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD capabilities ON subscriber TYPE array DEFAULT []
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD parallel_tasks ON subscriber TYPE int DEFAULT 5
  PERMISSIONS FOR select FULL, FOR create, update NONE;

DEFINE TABLE action SCHEMALESS
  PERMISSIONS FOR select, update WHERE worker = $auth;
DEFINE FIELD worker ON action TYPE record<worker>
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD run ON action TYPE string
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD step ON action TYPE string
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD message_type ON action TYPE string
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD subscriber ON action TYPE string
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD payload ON action TYPE object DEFAULT {}
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD wait ON action TYPE bool DEFAULT true
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD timeout_s ON action TYPE number
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD created_at ON action TYPE datetime DEFAULT time::now()
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD deadline ON action TYPE option<datetime>
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD state ON action TYPE string DEFAULT "pending"
  ASSERT $value IN
    ["pending", "claimed", "done", "failed", "timed_out", "aborted"];
DEFINE INDEX action_state ON action FIELDS state;
DEFINE INDEX action_worker ON action FIELDS worker, state;

DEFINE TABLE task SCHEMALESS
  PERMISSIONS FOR select, update WHERE owner = $auth;
DEFINE FIELD owner ON task TYPE option<record<worker>>
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD name ON task TYPE string
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD attrs ON task TYPE object DEFAULT {}
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD payload ON task TYPE object DEFAULT {}
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD attempts ON task TYPE int DEFAULT 0
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD retries ON task TYPE int DEFAULT 0
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD deadline ON task TYPE option<datetime>
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD created_at ON task TYPE datetime DEFAULT time::now()
  PERMISSIONS FOR select FULL, FOR create, update NONE;
DEFINE FIELD state ON task TYPE string DEFAULT "pending";
DEFINE INDEX task_state ON task FIELDS state;
DEFINE INDEX task_owner ON task FIELDS owner;

DEFINE TABLE run SCHEMALESS PERMISSIONS NONE;
DEFINE INDEX run_state ON run FIELDS state;
DEFINE TABLE run_log SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE schedule SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE plugin SCHEMALESS PERMISSIONS NONE;
DEFINE TABLE config SCHEMALESS PERMISSIONS NONE;
`,
};
