/**
 * Settings of the metrics exporter.
 *
 * @module
 */

import type { SettingDeclarations } from "@skymap/lib/settings";

/** Flags of `skymap metrics`; the environment prefix is `SKYMAP_METRICS_`. */
export const SETTINGS = {
  subscriberId: {
    type: "text",
    help: "Name of this exporter; each one has its own.",
    default: "skymap.metrics",
  },
  coreUri: {
    type: "text",
    help: "Address of core.",
    default: "http://127.0.0.1:8900",
  },
  graph: {
    type: "text",
    help:
      "Graph to measure. Default: metrics.graph of the configuration, else main.",
  },
  psk: {
    type: "text",
    help: "The pre-shared key; better in SKYMAP_METRICS_PSK or a file.",
  },
  pskFile: { type: "text", help: "File that holds the pre-shared key." },
  dataDir: {
    type: "text",
    help: "Data directory of a core on this machine, to find its key.",
  },
  webHost: {
    type: "text",
    help: "Address that the pages are served at.",
    default: "127.0.0.1",
  },
  webPort: {
    type: "integer",
    help: "Port that the pages are served at.",
    default: 9955,
    min: 0,
    max: 65_535,
  },
  timeout: {
    type: "integer",
    help:
      "Seconds that one update may take. Default: metrics.timeout of the configuration, else 300.",
    min: 1,
  },
  once: {
    type: "boolean",
    help: "Computes every metric once, prints the page and ends.",
    default: false,
  },
  format: {
    type: "text",
    help: "Form of the page of --once. Default: text.",
    choices: ["text", "openmetrics"],
  },
  verbose: { type: "boolean", help: "Logs more.", short: "v", default: false },
  quiet: { type: "boolean", help: "Logs errors only.", default: false },
} as const satisfies SettingDeclarations;
