/**
 * Finds the pre-shared key that a process was told to use.
 *
 * @module
 */

import { loadKey } from "./auth.ts";
import { dataDirectory } from "./data_dir.ts";
import { messageOf, SkymapError } from "./errors.ts";

/** The settings that name a key; the first that is given wins. */
export interface KeySettings {
  /** The key itself. */
  readonly psk?: string | undefined;
  /** A file that holds it. */
  readonly pskFile?: string | undefined;
  /** A data directory with a key file. Default: this user's. */
  readonly dataDir?: string | undefined;
}

/**
 * The key that the settings name.
 *
 * @throws {SkymapError} `token_missing`, if there is none; `config_invalid`, if
 * the file that is named cannot be read.
 */
export async function findKey(settings: KeySettings): Promise<string> {
  const { psk, pskFile, dataDir } = settings;
  if (psk !== undefined) return psk;
  if (pskFile !== undefined) {
    try {
      return (await Deno.readTextFile(pskFile)).trim();
    } catch (cause) {
      throw new SkymapError(
        "config_invalid",
        `Cannot read key file "${pskFile}": ${messageOf(cause)}`,
        { cause },
      );
    }
  }
  return await loadKey(
    dataDirectory(dataDir, (name) => Deno.env.get(name)),
    { create: false },
  );
}
