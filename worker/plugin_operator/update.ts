import { unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import { APPROVAL_SETTINGS, approveVersion } from "./approve_version.ts";
import { fetchUpdate } from "./fetch_update.ts";
import {
  CORE_SETTINGS,
  INDEX_SETTING,
  openRegistry,
  readPluginName,
} from "./registry_settings.ts";
import { showDifference } from "./show_version.ts";

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    {
      ...CORE_SETTINGS,
      ...APPROVAL_SETTINGS,
      ...INDEX_SETTING,
    },
    args,
    {
      name: "update",
      brief:
        "Looks for the newest version, shows what changes, and approves it.",
      word: "NAME",
    },
  );
  const name = readPluginName(word);
  const core = await openRegistry(settings);
  const { registry } = settings;
  const plugin = unwrap(await core.plugins.get(name));
  const active =
    plugin.versions.find((each) => each.version === plugin.active) ??
      plugin.versions[0];
  if (active === undefined || active.source === "installation") {
    throw new SkymapError(
      "conflict",
      `Cannot update plugin "${name}": it came with Skymap, and is updated with it`,
    );
  }
  const options = { registry, core, signal: core.signal };
  const addition = await fetchUpdate(active, options);
  const { version, difference } = unwrap(await core.plugins.add(addition));
  if (version.version === plugin.active) {
    printLines([`${name} ${version.version} is the newest version`]);
    return 0;
  }
  printLines(difference === undefined ? [] : showDifference(difference));
  // Who asked for the update meant the same author's code, and no more rights.
  const isMeant = plugin.enabled && difference !== undefined &&
    difference.permissions_added.length === 0 &&
    difference.signed_by === undefined;
  const yes = settings.yes || isMeant;
  printLines(
    await approveVersion(
      core.plugins,
      version,
      { ...settings, yes },
      core.signal,
    ),
  );
  return 0;
}

/** `skymap plugin update`. */
export const UPDATE: PluginCommand = {
  help: "Looks for a newer version, and shows what changes",
  run,
};
