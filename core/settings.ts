/**
 * Settings of core.
 *
 * @module
 */

import { isDuration, parseDuration } from "@skymap/lib/duration";
import { SkymapError } from "@skymap/lib/errors";
import type {
  Override,
  SettingDeclarations,
  Settings,
} from "@skymap/lib/settings";

/** Flags of `skymap core`; the environment prefix is `SKYMAP_CORE_`. */
export const SETTINGS = {
  dataDir: {
    type: "text",
    help:
      "Where the graph is kept. Default: SKYMAP_DATA_DIR, else the user's data directory.",
  },
  host: {
    type: "text",
    help: "Address to listen on.",
    default: "127.0.0.1",
  },
  port: {
    type: "integer",
    help: "Port to listen on.",
    default: 8900,
    min: 0,
    max: 65_535,
  },
  listenInsecurely: {
    type: "boolean",
    help: "Allows a host that is not loopback, although there is no TLS yet.",
    default: false,
  },
  database: {
    type: "text",
    help:
      "ws:// or wss:// address of a SurrealDB server. Default: the embedded engine.",
  },
  databaseUser: { type: "text", help: "User of the SurrealDB server." },
  databasePassword: {
    type: "text",
    help: "Its password; better in SKYMAP_CORE_DATABASE_PASSWORD.",
  },
  psk: {
    type: "text",
    help: "The pre-shared key; better in SKYMAP_CORE_PSK or a file.",
  },
  pskFile: {
    type: "text",
    help: "File with the pre-shared key. Default: psk in the data directory.",
  },
  noScheduling: {
    type: "boolean",
    help: "Runs workflows on demand only.",
    default: false,
  },
  historyKeep: {
    type: "text",
    help:
      "How long the history of a graph is kept, such as 90d; none: for ever. Default: core.history_keep of the configuration.",
  },
  overridePath: {
    type: "list",
    help:
      "File ID.yml, or folder of them, that counts in place of what the configuration says. May be repeated.",
  },
  verify: {
    type: "boolean",
    help: "Compares record and index row by row, prints what differs and ends.",
    default: false,
  },
  verbose: { type: "boolean", help: "Logs more.", short: "v", default: false },
  quiet: { type: "boolean", help: "Logs errors only.", default: false },
} as const satisfies SettingDeclarations;

/** Values of {@linkcode SETTINGS}. */
export type CoreSettings = Settings<typeof SETTINGS>;

/**
 * How long history is kept, in milliseconds; undefined for ever.
 *
 * @throws {SkymapError} `usage`
 */
export function historyKeepMs(historyKeep: string): number | undefined {
  const text = historyKeep.trim().toLowerCase();
  if (text === "none" || text === "0") return undefined;
  const keepMs = isDuration(text) ? parseDuration(text) : 0;
  if (keepMs > 0) return keepMs;
  throw new SkymapError(
    "usage",
    `Cannot keep history for "${historyKeep}": expected a duration such as ` +
      "180d, or none to keep it for ever",
  );
}

/** Flags that stand for settings of the configuration: they count more. */
export function flagOverrides(
  { historyKeep }: Pick<CoreSettings, "historyKeep">,
): readonly Override[] {
  if (historyKeep === undefined) return [];
  const isForEver = historyKeepMs(historyKeep) === undefined;
  return [{
    path: ["core", "history_keep"],
    value: isForEver ? "none" : historyKeep.trim(),
    origin: "--history-keep or SKYMAP_CORE_HISTORY_KEEP",
  }];
}

/** Whether only this machine can reach an address. */
function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || host === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Refuses settings that do not go together.
 *
 * @throws {SkymapError} `usage`
 */
export function checkSettings(settings: CoreSettings): void {
  const { host, listenInsecurely, database, historyKeep } = settings;
  if (historyKeep !== undefined) historyKeepMs(historyKeep);
  if (!isLoopback(host) && !listenInsecurely) {
    throw new SkymapError(
      "usage",
      `Cannot listen on "${host}": it is not loopback and tokens would travel ` +
        `in clear; put a TLS proxy in front, or add --listen-insecurely`,
    );
  }
  if (database !== undefined && !/^wss?:\/\/[^/]/.test(database)) {
    throw new SkymapError(
      "usage",
      `Cannot use database "${database}": expected an address such as ws://127.0.0.1:8000`,
    );
  }
}
