import { SkymapError } from "@skymap/lib/errors";
import type { Json } from "@skymap/lib/json";
import {
  type PublishedPlugin,
  sha256Of,
  type SigningKeyPair,
  signPlugin,
} from "@skymap/lib/plugin_host";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { findInstallation } from "../plugin/source.ts";
import { bundleModule } from "./bundle_module.ts";
import { kitHost } from "./kit_host.ts";

/** A plugin that is ready to be published. */
export interface PackedPlugin {
  /** What is told of it. */
  readonly published: PublishedPlugin;
  /** Text of its module. */
  readonly module: string;
  /** The lock that it was packed with. */
  readonly lock: string;
}

/** What is packed, and how. */
export interface PackOptions {
  /** Path or URL of the plugin's module. */
  readonly spec: string;
  /** Signs it. Default: it is not signed. */
  readonly key?: SigningKeyPair;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Bytes of a module at most. */
export const MAX_MODULE_BYTES: number = 32 * 1024 * 1024;

/** The address of a path or a URL. */
export function addressOf(spec: string): string {
  return /^https?:\/\/|^file:\/\//.test(spec)
    ? new URL(spec).href
    : pathToFileURL(resolve(spec)).href;
}

/**
 * Packs a plugin: one self-contained module, what it says of itself when it is
 * asked without any permission, and the lock of what went into it. Packing the
 * same sources again gives the same bytes.
 *
 * @throws {SkymapError} `plugin_invalid`, with every fault.
 */
export async function packPlugin(
  { spec, key, signal }: PackOptions,
): Promise<PackedPlugin> {
  const url = addressOf(spec);
  const installation = await findInstallation();
  const { text: module, lock } = await bundleModule({
    url,
    deno: installation.deno,
    signal,
  });
  const size = new TextEncoder().encode(module).length;
  if (size > MAX_MODULE_BYTES) {
    throw new SkymapError(
      "plugin_invalid",
      `Cannot pack plugin "${spec}": its module has ${size} bytes, at most ${MAX_MODULE_BYTES} are taken`,
    );
  }
  const sha256 = await sha256Of(module);
  const host = kitHost({
    source: { spec, sha256, text: module },
    installation,
  });
  const manifest = await host.describe(signal);
  const part = { manifest: manifest as unknown as Json, sha256 };
  const base = `${manifest.name}-${manifest.version}`;
  return {
    module,
    lock,
    published: {
      format: 1,
      manifest,
      module: `${base}.js`,
      sha256,
      size,
      lock: `${base}.lock.json`,
      ...(key !== undefined && { signature: await signPlugin(part, key) }),
    },
  };
}
