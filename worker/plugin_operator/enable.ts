import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { changeCommand } from "./change_command.ts";

/** `skymap plugin enable`. */
export const ENABLE: PluginCommand = changeCommand({
  name: "enable",
  help: "Lets a plugin run",
  brief: "Lets a plugin run: its active version, or the one that is named.",
  takesVersion: true,
  change: async (plugins, { name, version }) => {
    const { active } = unwrap(await plugins.enable(name, version));
    return `${name} ${active} runs from now on`;
  },
});
