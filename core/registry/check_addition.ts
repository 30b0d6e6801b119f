/**
 * Whether what shall be added is what it says it is.
 *
 * @module
 */

import type { PluginAddition } from "@skymap/lib/client";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import type { PluginManifest } from "@skymap/lib/plugin";
import { manifestFaults, sha256Of } from "@skymap/lib/plugin_host";
import { parseQuery } from "../query/parse.ts";

/** Largest module and lock, in bytes. */
const MAX_BYTES = 32_000_000;

/** Words that stand for something else where a plugin's name may stand. */
export const RESERVED: ReadonlySet<string> = new Set([
  "active",
  "audit",
  "installation",
  "keys",
  "policy",
]);

function invalid(faults: readonly string[], name: string): SkymapError {
  return new SkymapError(
    "plugin_invalid",
    `Cannot add plugin "${name}": ${faults.join("; ")}`,
    { details: { faults } },
  );
}

/** What is wrong with searches that shall be watched. */
function searchFaults(reactions: PluginManifest["reactions"]): string[] {
  return reactions.flatMap(({ name, search }) => {
    try {
      const isWatched = parseQuery(search).aggregate === undefined;
      return isWatched ? [] : [`reaction "${name}" watches an aggregation`];
    } catch (error) {
      return [`reaction "${name}": ${messageOf(error)}`];
    }
  });
}

/** Checks a manifest from elsewhere, of which the type promises too much. */
export function checkManifest(manifest: unknown): void {
  const faults = manifestFaults(manifest);
  if (faults.length === 0) {
    faults.push(...searchFaults((manifest as PluginManifest).reactions));
  }
  const name = isObject(manifest) ? manifest["name"] : undefined;
  if (RESERVED.has(String(name))) faults.push(`the name "${name}" is reserved`);
  if (faults.length === 0) return;
  throw invalid(faults, typeof name === "string" ? name : "?");
}

/**
 * Checks manifest, size and hash; gives the size of the module in bytes.
 *
 * @throws {SkymapError} `plugin_invalid` with every fault; `plugin_changed`, if
 * the module is another one than its hash says.
 */
export async function checkAddition(addition: PluginAddition): Promise<number> {
  const { manifest, module, lock = "", sha256 } = addition;
  checkManifest(manifest);
  const faults: string[] = [];
  const size = new TextEncoder().encode(module).length;
  if (module.trim() === "") faults.push("its module is empty");
  // What is no text has a hash that its bytes do not have.
  if (!module.isWellFormed()) faults.push("its module is no valid text");
  if (size > MAX_BYTES) {
    faults.push(`its module has ${size} bytes, at most ${MAX_BYTES} are taken`);
  }
  if (lock.length > MAX_BYTES) {
    faults.push(
      `its lock has ${lock.length} characters, at most ${MAX_BYTES} are taken`,
    );
  }
  if (faults.length > 0) throw invalid(faults, manifest.name);
  const actual = await sha256Of(module);
  if (actual !== sha256) {
    throw new SkymapError(
      "plugin_changed",
      `Cannot add plugin "${manifest.name}": its module has SHA-256 ${actual}, ` +
        `wanted ${sha256}`,
      { details: { actual, wanted: sha256 } },
    );
  }
  return size;
}
