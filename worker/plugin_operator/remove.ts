import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { changeCommand } from "./change_command.ts";

/** `skymap plugin remove`. */
export const REMOVE: PluginCommand = changeCommand({
  name: "remove",
  help: "Removes a plugin",
  brief:
    "Removes a version that is not active, or all that were added of a plugin.",
  takesVersion: true,
  change: async (plugins, { name, version }) => {
    unwrap(await plugins.remove(name, version));
    const gone = version === undefined ? name : `${name} ${version}`;
    return `${gone} is removed; what it collected stays in the graph`;
  },
});
