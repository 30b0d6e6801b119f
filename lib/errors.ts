/**
 * One table of error codes, and the error that carries one.
 *
 * @module
 */

/** Every code a caller may meet, with what it means. Sorted. */
export const ERROR_CODES = {
  action_unknown: "No such action, or it is not yours to answer",
  address_refused: "A request would go where the configuration opens nothing",
  answer_incomplete: "An answer was to be complete, and it is not",
  body_invalid: "The request body does not have the shape this path takes",
  cleanup_refused: "A cleanup plan may not be applied as things stand",
  collect_failed: "A plugin could not list a cloud or a part of it",
  config_invalid: "A setting has a wrong name, type or value",
  config_unknown: "No configuration of that id",
  conflict: "The thing changed or is in use by someone else",
  core_unreachable: "No core answered at the address that was tried",
  data_dir_foreign: "The data directory belongs to another program or version",
  data_dir_locked: "Another core uses this data directory",
  data_dir_unusable: "The data directory cannot be read or written",
  database_corrupt: "The database files are damaged",
  database_denied: "The database refused the statement to this session",
  database_failed: "The database could not carry out a statement",
  database_full: "The disk that holds the data directory is full",
  database_unreachable: "The database could not be opened or reached",
  edge_invalid: "An edge does not touch its scope or names an unknown type",
  files_required: "A line reads files of the caller that did not come with it",
  filter_failed: "A filter of jq could not go on with an element",
  graph_unknown: "No graph of that name",
  index_failed: "The search index could not carry out a statement",
  internal: "A fault of Skymap itself; please report it",
  job_invalid: "A job cannot be kept as it was asked for",
  job_unknown: "No job of that id",
  kind_conflict: "A kind is declared in two ways that disagree",
  kind_unknown: "No plugin declared this kind",
  merge_malformed: "A line of a merge stream cannot be read",
  merge_truncated: "A merge stream ended before its last line",
  method_not_allowed: "The path exists, but not with this method",
  node_invalid: "A node does not fit the kind that was declared",
  node_unknown: "No node of that id",
  not_acceptable: "The answer cannot be had in the form that was asked for",
  not_found: "Nothing at this path",
  permission_denied: "The token is valid, but its role may not do this",
  plan_unknown: "No cleanup plan of that id",
  plugin_changed: "A published version of a plugin is not what it was",
  plugin_crashed: "A plugin's process ended before its work was done",
  plugin_invalid: "A plugin's manifest or messages break the contract",
  plugin_refused: "A plugin asks for more than the policy allows",
  plugin_timeout: "A plugin took longer than its time limit",
  plugin_unknown: "No plugin of that name or version",
  plugin_unreachable: "A plugin's module could not be fetched",
  port_in_use: "Another process listens on the port",
  query_interrupted: "A search was cancelled or ran out of time",
  query_invalid: "A search parses, but cannot be answered",
  query_syntax: "A search cannot be parsed",
  query_too_large: "A search needs more memory than it is given",
  request_failed: "A request was not answered as it should be",
  run_failed: "A run that was waited for did not come to its end",
  run_unknown: "No workflow run of that id",
  signature_invalid: "A signature is missing, wrong or by an unknown key",
  subscriber_unknown: "No subscriber of that id",
  task_failed: "No worker did the task, or the one that tried could not",
  task_unknown: "No such task, or its lease is gone",
  template_invalid: "A template of searches cannot become a search",
  template_unknown: "No template of that name",
  token_expired: "The token was valid and is no more",
  token_invalid: "The token is malformed or signed with another key",
  token_missing: "The request carries no token",
  unavailable: "The service is starting or stopping",
  usage: "The command line cannot be understood",
  workflow_unknown: "No workflow of that name",
} as const satisfies Record<string, string>;

/** A key of {@linkcode ERROR_CODES}. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** What a {@linkcode SkymapError} is made with beside code and message. */
export interface SkymapErrorOptions {
  /** JSON facts for programs: ids, paths, positions, lists of problems. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

/** An error that a caller may handle by its code. */
export class SkymapError extends Error {
  /** Which condition this is. */
  readonly code: ErrorCode;
  /** JSON facts for programs. */
  readonly details: Readonly<Record<string, unknown>>;

  /** Makes an error; the message says what was tried, what is, what to do. */
  constructor(
    code: ErrorCode,
    message: string,
    options: SkymapErrorOptions = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : {});
    this.name = "SkymapError";
    this.code = code;
    this.details = options.details ?? {};
  }
}

/** Whether a value is a {@linkcode SkymapError} of one of the codes, or any. */
export function isSkymapError(
  value: unknown,
  ...codes: readonly ErrorCode[]
): value is SkymapError {
  return value instanceof SkymapError &&
    (codes.length === 0 || codes.includes(value.code));
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** An error as RFC 9457 problem details, without the HTTP status. */
export interface Problem {
  /** `urn:skymap:error:` and the code. */
  readonly type: string;
  /** The meaning of the code. */
  readonly title: string;
  /** The HTTP status that carried it. */
  readonly status: number;
  /** What happened this time. */
  readonly detail: string;
  /** A key of {@linkcode ERROR_CODES}. */
  readonly code: ErrorCode;
  /** The id of the request, as in core's log. */
  readonly request_id?: string;
  /** Facts for programs. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Stops the compiler when a case of a union is forgotten. */
export function unreachable(value: never): never {
  throw new TypeError(`Cannot happen: unexpected ${JSON.stringify(value)}`);
}
