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
export { type Lock, takeLock } from "./lock.ts";
export { type Database, type DatabaseOptions, openDatabase } from "./open.ts";
