/**
 * The database that the settings name.
 *
 * @module
 */

import { type Database, openDatabase } from "./db/mod.ts";
import type { Override } from "@skymap/lib/settings";
import type { CoreSettings } from "./settings.ts";

/** What core runs with. */
export interface CoreOptions {
  /** Its settings. */
  readonly settings: CoreSettings;
  /** What counts in place of the configuration, the last wins. */
  readonly overrides?: readonly Override[];
  /** Its data directory, prepared and locked. */
  readonly dataDir: string;
  /** The pre-shared key. */
  readonly key: string;
  /** Stops it. */
  readonly signal: AbortSignal;
  /** Told that the disk is full and the process has to end. */
  readonly onFull?: (cause: unknown) => void;
}

/** Opens the embedded engine, or a session on the server that is named. */
export function openConfiguredDatabase(
  { settings, dataDir, key, signal, onFull }: CoreOptions,
): Promise<Database> {
  const { database, databaseUser, databasePassword } = settings;
  return openDatabase({
    dataDir,
    key,
    signal,
    ...(onFull !== undefined && { onFull }),
    ...(database !== undefined && { url: database }),
    ...(databaseUser !== undefined && {
      user: { username: databaseUser, password: databasePassword ?? "" },
    }),
  });
}
