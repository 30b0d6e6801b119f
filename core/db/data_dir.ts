/**
 * The data directory: whose it is, and whether it can be used.
 *
 * @module
 */

import { isObject } from "@skymap/lib/json";
import { messageOf, SkymapError } from "@skymap/lib/errors";
import { LOCK_FILE } from "./lock.ts";

/** The file that says that a directory is a data directory of Skymap. */
export const MARKER_FILE = "skymap.json";

/** The layout that this version reads and writes. */
export const DATA_DIR_FORMAT = 1;

/** Files that may be there before the marker: the key is made first. */
const OWN_FILES: readonly string[] = [LOCK_FILE, "psk"];

function isOwn(name: string): boolean {
  return OWN_FILES.includes(name) || name.startsWith("psk.") ||
    name.startsWith(`${MARKER_FILE}.`);
}

function foreign(dataDir: string, reason: string): SkymapError {
  return new SkymapError(
    "data_dir_foreign",
    `Cannot use data directory "${dataDir}": ${reason}`,
    { details: { path: dataDir } },
  );
}

function checkMarker(dataDir: string, text: string): void {
  let marker: unknown;
  try {
    marker = JSON.parse(text);
  } catch {
    marker = undefined;
  }
  const format = isObject(marker) ? marker.format : undefined;
  if (!Number.isInteger(format)) {
    throw foreign(
      dataDir,
      `its "${MARKER_FILE}" is not one of Skymap, wanted an empty directory ` +
        "or one that Skymap made",
    );
  }
  if (format !== DATA_DIR_FORMAT) {
    throw foreign(
      dataDir,
      `it has format ${format}, this version reads ${DATA_DIR_FORMAT}`,
    );
  }
}

/** Writes the marker beside its place and moves it there, whole or not at all. */
async function writeMarker(dataDir: string): Promise<void> {
  const draft = `${dataDir}/${MARKER_FILE}.${Deno.pid}.tmp`;
  const marker = {
    format: DATA_DIR_FORMAT,
    created_at: new Date().toISOString(),
  };
  await Deno.writeTextFile(draft, JSON.stringify(marker) + "\n", {
    mode: 0o600,
  });
  await Deno.rename(draft, `${dataDir}/${MARKER_FILE}`);
}

/** Writes and removes a file: what a later write would need. */
async function checkWritable(dataDir: string): Promise<void> {
  const path = `${dataDir}/${MARKER_FILE}.${Deno.pid}.probe`;
  await Deno.writeTextFile(path, "");
  await Deno.remove(path);
}

/**
 * Makes the data directory (mode 0700) when it is missing, and checks that it is
 * Skymap's, of this version's format, and can be written.
 *
 * @throws SkymapError `data_dir_foreign`, `data_dir_unusable` or
 * `database_full`.
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await Deno.mkdir(dataDir, { recursive: true, mode: 0o700 });
    const names: string[] = [];
    for await (const entry of Deno.readDir(dataDir)) names.push(entry.name);
    if (names.includes(MARKER_FILE)) {
      checkMarker(
        dataDir,
        await Deno.readTextFile(`${dataDir}/${MARKER_FILE}`),
      );
      await checkWritable(dataDir);
      return;
    }
    const other = names.find((name) => !isOwn(name));
    if (other !== undefined) {
      throw foreign(
        dataDir,
        `it holds "${other}" and no "${MARKER_FILE}", wanted an empty ` +
          "directory or one that Skymap made",
      );
    }
    await writeMarker(dataDir);
  } catch (error) {
    if (error instanceof SkymapError) throw error;
    const reason = error instanceof Deno.errors.NotCapable
      ? "Deno keeps programs out of system directories such as /dev, /proc " +
        "and /sys, wanted another one"
      : messageOf(error);
    throw new SkymapError(
      /no space left/i.test(messageOf(error))
        ? "database_full"
        : "data_dir_unusable",
      `Cannot use data directory "${dataDir}": ${reason}`,
      { cause: error, details: { path: dataDir } },
    );
  }
}
