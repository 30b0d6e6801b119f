/**
 * What worker and plugin process say to each other, one JSON object per line.
 *
 * The worker sends one {@linkcode PluginRequest} a process on standard input,
 * before it a {@linkcode SetupMessage} when the plugin's module is no file, and
 * keeps that open: its end means that the worker is gone. The process answers
 * on standard output, last of all with `done` or `error`. In between it may ask
 * ({@linkcode PluginAsk}): each question has a number that is higher than the one
 * before, and is answered once, in any order ({@linkcode WorkerAnswer}).
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
  | {
    readonly type: "describe";
    /**
     * Whether the module is a {@linkcode PluginList}: each of its plugins
     * describes itself, and who cannot says nothing. Default: it is a plugin.
     */
    readonly each?: boolean;
  }
  | { readonly type: "check"; readonly config: JsonObject }
  | { readonly type: "accounts"; readonly config: JsonObject }
  | {
    readonly type: "policy";
    readonly config: JsonObject;
    readonly tag: boolean;
    readonly cleanup: boolean;
  }
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

/**
 * What a process asks its worker while it works. A search is told in pages: its
 * number is the id of the question that began it.
 */
export type PluginAsk =
  | { readonly what: "account"; readonly id: string }
  | {
    readonly what: "search";
    readonly text: string;
    /** Whether an answer that is not complete is refused. */
    readonly complete: boolean;
    /** The state that is searched. Default: the present. */
    readonly at?: string;
  }
  | { readonly what: "next"; readonly search: number }
  | { readonly what: "stop"; readonly search: number }
  | {
    readonly what: "clean";
    readonly ids: readonly string[];
    readonly reason: string;
  }
  | { readonly what: "keep"; readonly ids: readonly string[] }
  | { readonly what: "protect"; readonly ids: readonly string[] }
  | {
    readonly what: "tag";
    readonly ids: readonly string[];
    readonly update: Readonly<Record<string, string>>;
  };

/** One page of a search. */
export interface SearchPage {
  /** What was found; never empty while there is more. */
  readonly nodes: readonly Json[];
  /** Whether another page may be asked for. */
  readonly more: boolean;
}

/** What the worker answers to a question of a process. */
export type WorkerAnswer =
  & {
    /** Tells the message. */
    readonly type: "answer";
    /** Number of the question. */
    readonly id: number;
  }
  & ({ readonly value: Json } | { readonly error: Failure });

/** Asks a process to end early; it is killed when it does not. */
export interface CancelRequest {
  /** Tells the message. */
  readonly type: "cancel";
}

/** Where a plugin's work went wrong. */
export type PluginPhase = "import" | "config" | PluginRequest["type"];

/** What the module of several plugins exports: their names, and what loads them. */
export type PluginList = readonly (readonly [
  name: string,
  load: () => Promise<{ readonly default?: unknown }>,
])[];

/** What a process answers beside the messages of a collect. */
export type PluginReply =
  | {
    readonly type: "manifest";
    readonly manifest: PluginManifest;
    /** Name in a list of plugins. */
    readonly of?: string;
  }
  | { readonly type: "checked"; readonly configured: boolean }
  | { readonly type: "account_list"; readonly list: AccountList }
  | {
    readonly type: "policy_document";
    readonly parts: readonly JsonObject[];
  }
  | { readonly type: "result"; readonly value: Json }
  | { readonly type: "output"; readonly value: Json }
  | { readonly type: "recorded"; readonly answer: RecordedAnswer }
  | { readonly type: "ask"; readonly id: number; readonly ask: PluginAsk }
  | { readonly type: "done" }
  | {
    readonly type: "error";
    readonly phase: PluginPhase;
    readonly error: Failure;
  };

/** A line that a process writes. */
export type PluginLine = PluginReply | CollectMessage;
