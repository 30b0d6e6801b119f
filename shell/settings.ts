/**
 * Settings of the shell.
 *
 * @module
 */

import type { SettingDeclarations } from "@skymap/lib/settings";

/** Flags of `skymap shell`; the environment prefix is `SKYMAP_SHELL_`. */
export const SETTINGS = {
  coreUri: {
    type: "text",
    help: "Address of core.",
    default: "http://127.0.0.1:8900",
  },
  graph: { type: "text", help: "Graph to search.", default: "main" },
  section: {
    type: "text",
    help: "Section of paths that do not start with a slash.",
    default: "reported",
  },
  dataDir: {
    type: "text",
    help: "Data directory of a core on this machine, to find its key.",
  },
  psk: {
    type: "text",
    help: "The pre-shared key; better in SKYMAP_SHELL_PSK or a file.",
  },
  pskFile: { type: "text", help: "File that holds the pre-shared key." },
  json: {
    type: "boolean",
    help: "Prints each record as a line of JSON.",
    default: false,
  },
  printToken: {
    type: "boolean",
    help: "Prints a token for other clients, valid for an hour, and ends.",
    default: false,
  },
} as const satisfies SettingDeclarations;
