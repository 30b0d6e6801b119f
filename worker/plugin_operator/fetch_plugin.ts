import type { PluginAddition, RegistryIndexJson } from "@skymap/lib/client";
import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { canonicalJson, isObject, type Json } from "@skymap/lib/json";
import type { PluginManifest } from "@skymap/lib/plugin";
import {
  compareVersions,
  publicationFaults,
  type PublishedPlugin,
  sha256Of,
} from "@skymap/lib/plugin_host";
import { findInstallation } from "../plugin/source.ts";
import { kitHost } from "../plugin_kit/kit_host.ts";
import { addressOf, packPlugin } from "../plugin_kit/pack_plugin.ts";

/** How plugins are fetched. */
export interface FetchOptions {
  /** Address of a registry's index, for plugins that are named. */
  readonly registry?: string | undefined;
  /** The core whose registry may be asked with a token. */
  readonly core: {
    readonly coreUri: string;
    readonly token: () => Promise<string>;
  };
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Most that is taken from an address, in bytes. */
const MAX_BYTES = 40_000_000;

function unreachable(url: string, reason: string, cause?: unknown) {
  return new SkymapError(
    "plugin_unreachable",
    `Cannot fetch ${url}: ${reason}`,
    cause === undefined ? {} : { cause },
  );
}

/** Why nothing came; the runtime says it behind its own words. */
function reasonOf(error: unknown): string {
  return messageOf(error instanceof Error ? error.cause ?? error : error);
}

/** The text of an answer, unless it is too long. */
async function boundedText(response: Response, url: string): Promise<string> {
  let text = "";
  let bytes = 0;
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES) {
      throw unreachable(url, `it has more than ${MAX_BYTES} bytes`);
    }
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** The text at an address; undefined when there is nothing. */
async function readText(
  url: string,
  { core, signal }: FetchOptions,
): Promise<string | undefined> {
  if (url.startsWith("file:")) {
    try {
      return await Deno.readTextFile(new URL(url));
    } catch (cause) {
      if (cause instanceof Deno.errors.NotFound) return;
      throw unreachable(url, messageOf(cause), cause);
    }
  }
  // The key of one core is nothing for anybody else.
  const isOurs = new URL(url).origin === new URL(core.coreUri).origin;
  const headers: Record<string, string> = isOurs
    ? { authorization: `Bearer ${await core.token()}` }
    : {};
  let response: Response;
  try {
    response = await fetch(url, { headers, signal });
  } catch (cause) {
    signal.throwIfAborted();
    throw unreachable(url, reasonOf(cause), cause);
  }
  if (response.status === 404) {
    await response.body?.cancel();
    return;
  }
  if (!response.ok) {
    await response.body?.cancel();
    throw unreachable(url, `the answer is HTTP ${response.status}`);
  }
  try {
    return await boundedText(response, url);
  } catch (cause) {
    signal.throwIfAborted();
    throw isSkymapError(cause)
      ? cause
      : unreachable(url, reasonOf(cause), cause);
  }
}

async function readNeeded(
  url: string,
  options: FetchOptions,
): Promise<string> {
  const text = await readText(url, options);
  if (text !== undefined) return text;
  throw unreachable(url, "there is nothing");
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw unreachable(url, "it is no JSON", cause);
  }
}

/** Names of what two manifests say differently. */
function differences(
  told: PluginManifest,
  actual: PluginManifest,
): readonly string[] {
  const one = told as unknown as Record<string, Json>;
  const other = actual as unknown as Record<string, Json>;
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].sort()
    .filter((key) =>
      canonicalJson(one[key] ?? null) !== canonicalJson(other[key] ?? null)
    );
}

/** Compares what is published with what the module is and says of itself. */
async function checkPublished(
  published: PublishedPlugin,
  module: string,
  url: string,
  signal: AbortSignal,
): Promise<void> {
  const { manifest, sha256 } = published;
  const actual = await sha256Of(module);
  if (actual !== sha256) {
    throw new SkymapError(
      "plugin_changed",
      `Cannot add plugin "${manifest.name}" ${manifest.version}: the module ` +
        `at ${url} has SHA-256 ${actual}, its manifest names ${sha256}`,
      { details: { actual, wanted: sha256 } },
    );
  }
  const host = kitHost({
    source: {
      spec: `${manifest.name}@${manifest.version}`,
      sha256,
      text: module,
    },
    installation: await findInstallation(),
  });
  const lies = differences(manifest, await host.describe(signal));
  if (lies.length === 0) return;
  throw new SkymapError(
    "plugin_invalid",
    `Cannot add plugin "${manifest.name}" ${manifest.version}: its manifest ` +
      `is not what its module says, they differ in ${lies.join(", ")}`,
    { details: { differences: lies } },
  );
}

/** A plugin by the file that tells what it is. */
async function fromManifest(
  text: string,
  url: string,
  options: FetchOptions,
): Promise<PluginAddition> {
  const published = parse(text, url);
  const faults = publicationFaults(published);
  if (faults.length > 0) {
    throw new SkymapError(
      "plugin_invalid",
      `Cannot add the plugin of ${url}: ${faults.join("; ")}`,
      { details: { faults } },
    );
  }
  const told = published as PublishedPlugin;
  const { manifest, sha256, signature } = told;
  const moduleUrl = new URL(told.module, url).href;
  const module = await readNeeded(moduleUrl, options);
  await checkPublished(told, module, moduleUrl, options.signal);
  const lock = told.lock === undefined
    ? undefined
    : await readText(new URL(told.lock, url).href, options);
  return {
    manifest,
    module,
    sha256,
    url,
    ...(lock !== undefined && { lock }),
    ...(signature !== undefined && { signature }),
  };
}

/** The index at an address. */
async function readIndex(
  url: string,
  options: FetchOptions,
): Promise<RegistryIndexJson> {
  const index = parse(await readNeeded(url, options), url);
  if (isObject(index) && Array.isArray(index["plugins"])) {
    return index as unknown as RegistryIndexJson;
  }
  throw unreachable(url, "it is no index of plugins");
}

/** Whether there is anything at an address. */
export async function isThere(
  url: string,
  options: FetchOptions,
): Promise<boolean> {
  return await readText(url, options) !== undefined;
}

/**
 * A version of a plugin out of a registry's index; the newest when none is
 * named.
 *
 * @throws {SkymapError} `plugin_unknown` or what {@linkcode fetchPlugin} throws.
 */
export async function fetchNamed(
  name: string,
  version: string | undefined,
  registry: string,
  options: FetchOptions,
): Promise<PluginAddition> {
  const url = addressOf(registry);
  const index = await readIndex(url, options);
  const versions = [
    ...index.plugins.find((each) => each.name === name)?.versions ?? [],
  ].sort((a, b) => compareVersions(b.version, a.version));
  const found = version === undefined
    ? versions[0]
    : versions.find((each) => each.version === version);
  if (found === undefined) {
    throw new SkymapError(
      "plugin_unknown",
      `Cannot find plugin "${name}"${
        version === undefined ? "" : ` ${version}`
      } in ${url}: there is ${
        versions.length === 0
          ? index.plugins.map((each) => each.name).join(", ") || "none"
          : versions.map((each) => each.version).join(", ")
      }`,
    );
  }
  const manifestUrl = new URL(found.manifest, url).href;
  const text = await readNeeded(manifestUrl, options);
  const addition = await fromManifest(text, manifestUrl, options);
  const { manifest, sha256 } = addition;
  const fault = manifest.name !== name || manifest.version !== found.version
    ? `it is "${manifest.name}" ${manifest.version}`
    : sha256 !== found.sha256
    ? `it has SHA-256 ${sha256}, the index names ${found.sha256}`
    : undefined;
  if (fault === undefined) return addition;
  throw new SkymapError(
    "plugin_changed",
    `Cannot add plugin "${name}" ${found.version} of ${manifestUrl}: ${fault}, ` +
      "wanted what the index names",
  );
}

/** Whether a module's address has the file beside it that tells what it is. */
async function manifestBeside(
  url: string,
  options: FetchOptions,
): Promise<{ readonly url: string; readonly text: string } | undefined> {
  if (!/\.js$/.test(new URL(url).pathname)) return;
  const beside = new URL(url);
  beside.pathname = beside.pathname.replace(/\.js$/, ".json");
  const text = await readText(beside.href, options);
  return text === undefined ? undefined : { url: beside.href, text };
}

/**
 * Refuses what looks like an address and is none that can be fetched.
 *
 * @throws {SkymapError} `usage`.
 */
function checkAddress(spec: string): void {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(spec)) return;
  if (/^(https?|file):\/\//.test(spec) && URL.canParse(spec)) return;
  throw new SkymapError(
    "usage",
    `Cannot add "${spec}": it is no address that can be fetched, wanted ` +
      "http://…, https://… or a path",
  );
}

/**
 * A plugin by the path or URL of its manifest or its module. A module that was
 * not packed is packed here and now: whatever it imports is fetched once, and
 * what runs later is the text that was approved.
 *
 * @throws {SkymapError} `plugin_unreachable`, `plugin_changed`, if the module
 * is not what its manifest names, or `plugin_invalid`, if the manifest lies.
 */
export async function fetchPlugin(
  spec: string,
  options: FetchOptions,
): Promise<PluginAddition> {
  checkAddress(spec);
  const url = addressOf(spec);
  if (new URL(url).pathname.endsWith(".json")) {
    return await fromManifest(await readNeeded(url, options), url, options);
  }
  const beside = await manifestBeside(url, options);
  if (beside !== undefined) {
    return await fromManifest(beside.text, beside.url, options);
  }
  // What packs it would say less clearly that there is nothing.
  await readNeeded(url, options);
  const { signal } = options;
  const { module, lock, published } = await packPlugin({ spec: url, signal });
  const { manifest, sha256 } = published;
  return { manifest, module, sha256, url, lock };
}
