/**
 * What worker and plugin process say to each other, one JSON object per line.
 *
 * The worker sends one {@linkcode PluginRequest} a process on standard input,
 * before it a {@linkcode SetupMessage} when the plugin's module is no file, and
 * keeps that open: its end means that the worker is gone. The process answers
 * on standard output, last of all with `done` or `error`.
 *
 * @module
 */

import type { Json, JsonObject } from "../json.ts";
import type {
  Account,
  AccountList,
  PluginManifest,
  ReactionChanges,
} from "./contract.ts";
import type { CollectMessage, Failure } from "./messages.ts";
import type { RecordedAnswer } from "./recording.ts";

/** What a process is asked to do. */
export type PluginRequest =
  | { readonly type: "describe" }
  | { readonly type: "check"; readonly config: JsonObject }
  | { readonly type: "accounts"; readonly config: JsonObject }
  | {
    readonly type: "collect";
    readonly config: JsonObject;
    readonly account: Account;
  }
  | WorkRequest;

/** What a request for work other than collecting has in common. */
interface NamedWork {
  /** Which of the plugin's functions. */
  readonly name: string;
  /** The plugin's configuration. */
  readonly config: JsonObject;
  /** The account that is worked on, with its credentials, or none. */
  readonly account?: Account;
}

/** Asks for work other than collecting. */
export type WorkRequest =
  & NamedWork
  & (
    | { readonly type: "action"; readonly data: JsonObject }
    | { readonly type: "task"; readonly args: JsonObject }
    | {
      readonly type: "command";
      readonly args: readonly string[];
      readonly input: readonly Json[];
    }
    | { readonly type: "reaction"; readonly changes: ReactionChanges }
  );

/**
 * Comes before the request when the plugin is no file: its module. Also how its
 * calls are recorded, or answered from a recording, while it is written.
 */
export interface SetupMessage {
  /** Tells the message. */
  readonly type: "setup";
  /** Text of the module. */
  readonly module?: string;
  /** Whether the answers to its calls are to be recorded. Default: no. */
  readonly record?: boolean;
  /** Answers that its calls get in place of the network's. */
  readonly replay?: readonly RecordedAnswer[];
}

/** Asks a process to end early; it is killed when it does not. */
export interface CancelRequest {
  /** Tells the message. */
  readonly type: "cancel";
}

/** Where a plugin's work went wrong. */
export type PluginPhase = "import" | "config" | PluginRequest["type"];

/** What a process answers beside the messages of a collect. */
export type PluginReply =
  | { readonly type: "manifest"; readonly manifest: PluginManifest }
  | { readonly type: "checked"; readonly configured: boolean }
  | { readonly type: "account_list"; readonly list: AccountList }
  | { readonly type: "result"; readonly value: Json }
  | { readonly type: "output"; readonly value: Json }
  | { readonly type: "recorded"; readonly answer: RecordedAnswer }
  | { readonly type: "done" }
  | {
    readonly type: "error";
    readonly phase: PluginPhase;
    readonly error: Failure;
  };

/** A line that a process writes. */
export type PluginLine = PluginReply | CollectMessage;
