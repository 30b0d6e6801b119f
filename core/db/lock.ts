/**
 * One core for each data directory.
 *
 * @module
 */

import { messageOf, SkymapError } from "@skymap/lib/errors";

/** The lock on a data directory; disposing of it lets the next core in. */
export interface Lock extends AsyncDisposable {
  /** Path of the lock file. */
  readonly path: string;
}

/** Name of the lock file in a data directory. */
export const LOCK_FILE = "lock";

/** The process id that a lock file names, or none. */
async function ownerOf(path: string): Promise<number | undefined> {
  const pid = Number.parseInt(await Deno.readTextFile(path).catch(() => ""));
  return Number.isNaN(pid) ? undefined : pid;
}

/**
 * Takes the lock of a data directory. The operating system holds it, so that a
 * killed owner's lock is free at once; the file's text only names the owner.
 *
 * @throws SkymapError `data_dir_locked` when a living process holds it.
 */
export async function takeLock(dataDir: string): Promise<Lock> {
  const path = `${dataDir}/${LOCK_FILE}`;
  let file: Deno.FsFile;
  let taken: boolean;
  try {
    file = await Deno.open(path, {
      read: true,
      write: true,
      create: true,
      mode: 0o600,
    });
  } catch (error) {
    throw new SkymapError(
      "data_dir_unusable",
      `Cannot open lock file "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  }
  try {
    taken = await file.tryLock(true);
    if (taken) {
      await file.truncate();
      await file.write(new TextEncoder().encode(`${Deno.pid}\n`));
    }
  } catch (error) {
    file.close();
    throw new SkymapError(
      "data_dir_unusable",
      `Cannot lock "${path}": ${messageOf(error)}`,
      { cause: error },
    );
  }
  if (!taken) {
    file.close();
    const pid = await ownerOf(path);
    throw new SkymapError(
      "data_dir_locked",
      `Cannot use data directory "${dataDir}": process ${pid ?? "unknown"} ` +
        "uses it, wanted one that no other core uses",
      { details: { path: dataDir, pid: pid ?? null } },
    );
  }
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      // The file stays: removing it would let a third process lock a new file
      // of this name while a second one waits for the old one.
      await file.truncate().catch(() => {});
      file.close();
    },
  };
}
