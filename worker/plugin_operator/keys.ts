import { unwrap } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { readSettings } from "@skymap/lib/settings";
import type { PluginCommand } from "../plugin_command.ts";
import { printLines } from "../plugin_kit/read_command.ts";
import {
  CORE_SETTINGS,
  openRegistry,
  type RegistryAccess,
  roleEnvironment,
} from "./registry_settings.ts";

const WORDS = "[list | add PUBLIC_KEY COMMENT | remove ID]";

async function list({ plugins }: RegistryAccess): Promise<readonly string[]> {
  const keys = unwrap(await plugins.keys());
  return keys.length === 0
    ? ["no key is trusted"]
    : keys.map(({ id, comment, public_key, added_at, added_by }) =>
      `${id} ${comment} (${public_key}, added ${added_at} by ${added_by})`
    );
}

async function run(args: readonly string[]): Promise<number> {
  const { settings, words } = readSettings(CORE_SETTINGS, {
    role: "plugin keys",
    brief: "Lists, adds and removes keys whose signatures are trusted.",
    args,
    words: WORDS,
    env: roleEnvironment("keys"),
  });
  const [verb = "list", ...rest] = words;
  const [first, second] = rest;
  const access = await openRegistry(settings);
  const { plugins } = access;
  if (verb === "list" && rest.length === 0) {
    printLines(await list(access));
  } else if (
    verb === "add" && first !== undefined && second !== undefined &&
    rest.length === 2
  ) {
    const { id } = unwrap(
      await plugins.addKey({ public_key: first, comment: second }),
    );
    printLines([`key ${id} is trusted`]);
  } else if (verb === "remove" && first !== undefined && rest.length === 1) {
    const { disabled } = unwrap(await plugins.removeKey(first));
    printLines([
      `key ${first} is trusted no more`,
      ...disabled.map(({ name, reason }) => `${name} is disabled: ${reason}`),
    ]);
  } else {
    throw new SkymapError(
      "usage",
      `Cannot do plugin keys "${words.join(" ")}": wanted ${WORDS}`,
    );
  }
  return 0;
}

/** `skymap plugin keys`. */
export const KEYS: PluginCommand = {
  help: "Lists, adds and removes trusted keys",
  run,
};
