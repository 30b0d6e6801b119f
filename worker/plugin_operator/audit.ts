import { type PluginAuditJson, unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  JSON_SETTING,
  openRegistry,
  readPluginName,
} from "./registry_settings.ts";

function line(entry: PluginAuditJson): string {
  const { at, version = "", event, by, message } = entry;
  if (event !== "access") {
    return `${[at, event.padEnd(11), version].join(" ").trimEnd()} by ${by}${
      message === undefined ? "" : `: ${message}`
    }`;
  }
  const { allowed, permission, value, count, phase, account } = entry;
  return `${at} ${(allowed === true ? "allowed" : "denied").padEnd(11)} ` +
    `${version} ${permission} ${value === "" ? "(any)" : value} ×${count}` +
    `${phase === undefined ? "" : ` in ${phase}`}` +
    `${account === undefined ? "" : ` of ${account}`} (${by})`;
}

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    {
      ...CORE_SETTINGS,
      ...JSON_SETTING,
      denied: {
        type: "boolean",
        help: "Shows only what was denied.",
        default: false,
      },
      limit: {
        type: "integer",
        help: "How many entries are shown.",
        default: 100,
        min: 1,
        max: 10_000,
      },
    },
    args,
    {
      name: "audit",
      brief:
        "Shows what happened to a plugin and what it did, newest first; policy and keys show how these changed.",
      word: "NAME",
    },
  );
  const name = readPluginName(word);
  const { plugins } = await openRegistry(settings);
  const { denied, limit } = settings;
  const entries = unwrap(await plugins.audit(name, { denied, limit }));
  printLines(
    settings.json
      ? [JSON.stringify(entries, null, 2)]
      : entries.length === 0
      ? [denied ? "nothing was denied" : "nothing is noted"]
      : entries.map(line),
  );
  return 0;
}

/** `skymap plugin audit`. */
export const AUDIT: PluginCommand = {
  help: "Shows what a plugin reached for, and what was done to it",
  run,
};
