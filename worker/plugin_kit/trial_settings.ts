import { createToken } from "@skymap/lib/auth";
import { CoreClient, unwrap } from "@skymap/lib/client";
import { isObject, type JsonObject } from "@skymap/lib/json";
import { findKey } from "@skymap/lib/key";
import { parseRecording, type RecordedAnswer } from "@skymap/lib/plugin_host";
import {
  applyOverrides,
  type Override,
  type SettingDeclarations,
  type Settings,
} from "@skymap/lib/settings";
import type { CollectTarget } from "../collect.ts";
import { CORE_SETTINGS } from "../plugin_operator/registry_settings.ts";

/** Flags of every command that runs a plugin. */
export const TRIAL_SETTINGS = {
  replay: {
    type: "text",
    help:
      "File of recorded answers that its calls get, in place of the network's.",
  },
} as const satisfies SettingDeclarations;

/** Flags that send what a plugin finds to a core. */
export const TARGET_SETTINGS = {
  send: {
    type: "boolean",
    help: "Sends what is found to core, too.",
    default: false,
  },
  graph: { type: "text", help: "Graph of core.", default: "main" },
  ...CORE_SETTINGS,
} as const satisfies SettingDeclarations;

/** The configuration of a plugin, of overrides such as `example.region=[north]`. */
export function pluginConfig(
  name: string,
  overrides: readonly Override[],
): JsonObject {
  const section = applyOverrides({}, overrides)[name];
  return isObject(section) ? section as JsonObject : {};
}

/** The answers of a recording's file, or none. */
export async function readAnswers(
  path: string | undefined,
): Promise<readonly RecordedAnswer[] | undefined> {
  if (path === undefined) return;
  return parseRecording(await Deno.readTextFile(path)).answers;
}

/** The core that gets what is found, if it is to be sent. */
export async function findTarget(
  settings: Settings<typeof TARGET_SETTINGS>,
): Promise<CollectTarget | undefined> {
  const { coreUri, graph, send } = settings;
  if (!send) return;
  const key = await findKey(settings);
  const token = () =>
    createToken(key, {
      subject: "skymap.plugin",
      role: "operator",
      ttlSeconds: 3600,
    });
  const client = new CoreClient({ coreUri, token });
  return {
    async putModel(update) {
      unwrap(await client.putModel(graph, update));
    },
    async merge(body, signal) {
      return unwrap(await client.merge(graph, body, {}, signal));
    },
  };
}
