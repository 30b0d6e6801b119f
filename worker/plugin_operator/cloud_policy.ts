import {
  ConfigClient,
  type PluginVersionJson,
  unwrap,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type { Override } from "@skymap/lib/settings";
import {
  findInstallation,
  type Installation,
  type PluginSource,
  resolvePlugin,
} from "../plugin/source.ts";
import { kitHost } from "../plugin_kit/kit_host.ts";
import { pluginSection, readWorkerConfig } from "../worker_config.ts";
import { readPluginWord, type RegistryAccess } from "./registry_settings.ts";

/** The document that workers are configured with. */
const DOCUMENT = "skymap.worker";

/** What a policy is asked for. */
export interface CloudPolicyOptions {
  /** The plugin, as `NAME` or `NAME@VERSION`. */
  readonly word: string;
  /** What counts in place of its configuration. */
  readonly overrides: readonly Override[];
  /** Whether it is to allow changes of tags. */
  readonly tag: boolean;
  /** Whether it is to allow what is deleted. */
  readonly cleanup: boolean;
}

/** The version that is named, or else the one that runs, or the newest. */
async function versionOf(
  word: string,
  { plugins }: RegistryAccess,
): Promise<PluginVersionJson> {
  const { name, version } = readPluginWord(word);
  const { active, versions } = unwrap(await plugins.get(name));
  const wanted = version ?? active ?? versions[0]?.version;
  const found = versions.find((each) => each.version === wanted);
  if (found !== undefined) return found;
  throw new SkymapError(
    "plugin_unknown",
    `Cannot write the policy of plugin "${name}" ${wanted}: there is ${
      versions.map((each) => each.version).join(", ")
    }`,
  );
}

async function sourceOf(
  { name, version, sha256 }: PluginVersionJson,
  { plugins, signal }: RegistryAccess,
  installation: Installation,
): Promise<PluginSource> {
  if (sha256 === undefined) return await resolvePlugin(name, installation);
  const text = await plugins.module(name, version, signal);
  return { spec: `${name}@${version}`, sha256, text };
}

/** What the accounts of a plugin must allow, by how workers are configured. */
export async function cloudPolicy(
  { word, overrides, tag, cleanup }: CloudPolicyOptions,
  access: RegistryAccess,
): Promise<readonly JsonObject[]> {
  const { client, signal } = access;
  const version = await versionOf(word, access);
  const active = unwrap(
    await new ConfigClient(client).active(DOCUMENT, { signal }),
  );
  const config = pluginSection(
    readWorkerConfig(active?.config ?? {}, overrides, { resolves: false }),
    version.name,
  );
  const installation = await findInstallation();
  const host = kitHost({
    source: await sourceOf(version, access, installation),
    installation,
  });
  return await host.policy(config, { tag, cleanup }, signal);
}
