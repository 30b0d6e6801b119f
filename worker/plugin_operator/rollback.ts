import { unwrap } from "@skymap/lib/client";
import type { PluginCommand } from "../plugin_command.ts";
import { changeCommand } from "./change_command.ts";

/** `skymap plugin rollback`. */
export const ROLLBACK: PluginCommand = changeCommand({
  name: "rollback",
  help: "Returns to the version before",
  brief: "Returns to the version that was active before.",
  takesVersion: false,
  change: async (plugins, { name }) => {
    const { active } = unwrap(await plugins.rollback(name));
    return `${name} ${active} runs again`;
  },
});
