/**
 * What worker and plugin process say to each other, one JSON object per line.
 *
 * The worker sends one {@linkcode PluginRequest} a process on standard input
 * and keeps that open: its end means that the worker is gone. The process
 * answers on standard output, last of all with `done` or `error`.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";
import type { Account, AccountList, PluginManifest } from "./contract.ts";
import type { CollectMessage, Failure } from "./messages.ts";

/** What a process is asked to do. */
export type PluginRequest =
  | { readonly type: "describe" }
  | { readonly type: "check"; readonly config: JsonObject }
  | { readonly type: "accounts"; readonly config: JsonObject }
  | {
    readonly type: "collect";
    readonly config: JsonObject;
    readonly account: Account;
  };

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
  | { readonly type: "done" }
  | {
    readonly type: "error";
    readonly phase: PluginPhase;
    readonly error: Failure;
  };

/** A line that a process writes. */
export type PluginLine = PluginReply | CollectMessage;
