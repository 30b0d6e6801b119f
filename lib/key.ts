/**
 * Finds the pre-shared key that a process was told to use.
 *
 * @module
 */

import { checkKey, loadKey } from "./auth.ts";
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
 * the file that is named cannot be read, or if the key is too short.
 */
export async function findKey(settings: KeySettings): Promise<string> {
  const { psk, pskFile, dataDir } = settings;
  if (psk !== undefined) return checkKey(psk, "--psk");
  if (pskFile !== undefined) {
    let key: string;
    try {
      key = (await Deno.readTextFile(pskFile)).trim();
    } catch (cause) {
      throw new SkymapError(
        "config_invalid",
        `Cannot read key file "${pskFile}": ${messageOf(cause)}`,
        { cause },
      );
    }
    return checkKey(key, pskFile);
  }
  return await loadKey(
    dataDirectory(dataDir, (name) => Deno.env.get(name)),
    { create: false },
  );
}
