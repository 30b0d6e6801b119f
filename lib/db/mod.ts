/**
 * The one door to the SDK of the database.
 *
 * @module
 */

export {
  BoundExcluded,
  BoundIncluded,
  Decimal,
  Duration,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
} from "surrealdb";
export { connectRemote, type RemoteOptions } from "./connect.ts";
export {
  connectionError,
  isConflict,
  statementError,
} from "./database_error.ts";
export { FastCodec } from "./fast_codec.ts";
export {
  type DbSession,
  type LiveAction,
  type LiveSource,
  type OnLiveEvent,
  pump,
  SdkSession,
} from "./session.ts";
export { escapeIdent } from "./statement.ts";
