/**
 * Settings of the shell.
 *
 * @module
 */

import type { SettingDeclarations, Settings } from "@skymap/lib/settings";

/** Flags of `skymap shell`; the environment prefix is `SKYMAP_SHELL_`. */
export const SETTINGS = {
  coreUri: {
    type: "text",
    help: "Address of core.",
    default: "http://127.0.0.1:8900",
  },
  graph: {
    type: "text",
    help: "Graph that lines are about. Default: core's default_graph.",
  },
  section: {
    type: "text",
    help:
      "Section of paths that do not start with a slash. Default: core's default_section.",
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
    help: "Prints each element as a line of JSON, as --format ndjson does.",
    default: false,
  },
  at: {
    type: "text",
    help:
      "Searches the past: a time, a duration ago such as 3d, or a snapshot.",
  },
  requireComplete: {
    type: "boolean",
    help: "Fails when an answer is not complete, with the reasons.",
    default: false,
  },
  count: {
    type: "boolean",
    help: "Counts what there is without the limit of the search.",
    default: false,
  },
  format: {
    type: "text",
    help: "Prints answers that no command formats in another form.",
    choices: ["json", "ndjson", "yaml", "graphml", "dot", "cytoscape", "csv"],
  },
  timeout: {
    type: "text",
    help: "Stops searches after this time, such as 10s.",
  },
  stdin: {
    type: "boolean",
    help: "Runs each line of the standard input by itself, as is done when " +
      "it is no terminal.",
    default: false,
  },
  downloadDir: {
    type: "text",
    help: "Folder for the files that lines write.",
    default: ".",
  },
  force: {
    type: "boolean",
    help: "Replaces files of the same name in that folder.",
    default: false,
  },
  noColor: {
    type: "boolean",
    help: "Prints without colours, as NO_COLOR does.",
    default: false,
  },
  noPager: {
    type: "boolean",
    help: "Prints long answers at once instead of page by page.",
    default: false,
  },
  printToken: {
    type: "boolean",
    help: "Prints a token for other clients, valid for an hour, and ends.",
    default: false,
  },
  printScrapeToken: {
    type: "boolean",
    help: "Prints a token that opens core's /metrics alone, valid for a " +
      "year, and ends.",
    default: false,
  },
} as const satisfies SettingDeclarations;

/** Values of {@linkcode SETTINGS}. */
export type ShellSettings = Settings<typeof SETTINGS>;
