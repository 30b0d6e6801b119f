import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { changeCommand } from "./change_command.ts";

/** `skymap plugin disable`. */
export const DISABLE: PluginCommand = changeCommand({
  name: "disable",
  help: "Stops a plugin from running",
  brief: "Stops a plugin from running.",
  takesVersion: false,
  change: async (plugins, { name }) => {
    unwrap(await plugins.disable(name));
    return `${name} does not run any more`;
  },
});
