/**
 * The record: data directory, engine, schema, and the gateway to them.
 *
 * @module
 */

export { MARKER_FILE, prepareDataDir } from "./data_dir.ts";
export {
  checkGraphName,
  type GraphDraft,
  type GraphPlaces,
} from "./graph_places.ts";
export {
  dropRestore,
  type PendingRestore,
  readPendingRestore,
  readyRestore,
  stageRows,
} from "./pending_restore.ts";
export { keptTables, readSystemRows, type SystemRow } from "./system_rows.ts";
export { fromTypedJson, toTypedJson } from "./typed_json.ts";
export type { GatewayLoad } from "./gateway.ts";
export { type Lock, takeLock } from "./lock.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./open.ts";
