import { unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines, readCommand } from "../plugin_kit/read_command.ts";
import { APPROVAL_SETTINGS, approveVersion } from "./approve_version.ts";
import {
  CORE_SETTINGS,
  openRegistry,
  readPluginWord,
} from "./registry_settings.ts";
import { showVersion } from "./show_version.ts";

async function run(args: readonly string[]): Promise<number> {
  const { word, settings } = readCommand(
    { ...CORE_SETTINGS, ...APPROVAL_SETTINGS },
    args,
    {
      name: "approve",
      brief: "Shows what a version asks for, and approves it.",
      word: "NAME[@VERSION]",
    },
  );
  const { name, version } = readPluginWord(word);
  const { plugins, signal } = await openRegistry(settings);
  const { versions } = unwrap(await plugins.get(name));
  const waiting = version === undefined
    ? versions.find(({ grant }) => grant === undefined)
    : versions.find((each) => each.version === version);
  if (waiting === undefined) {
    throw new SkymapError(
      "plugin_unknown",
      version === undefined
        ? `Cannot approve plugin "${name}": no version of it waits, wanted ` +
          `${name}@VERSION to approve one again`
        : `Cannot approve plugin "${name}" ${version}: there is ${
          versions.map((each) => each.version).join(", ")
        }`,
    );
  }
  printLines(showVersion(waiting));
  printLines(await approveVersion(plugins, waiting, settings, signal));
  return 0;
}

/** `skymap plugin approve`. */
export const APPROVE: PluginCommand = {
  help: "Approves a version that waits",
  run,
};
