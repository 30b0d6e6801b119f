/**
 * The whole system as a person asks for it: what runs, backup and restore.
 *
 * @module
 */

import type { SystemInfoJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { VERSION } from "@skymap/lib/version";
import { backup } from "./backup.ts";
import type { SystemService } from "./cli/core_services.ts";
import { type Database, readPendingRestore } from "./db/mod.ts";
import type { Clock } from "./events/clock.ts";
import type { Subscribers } from "./events/subscribers.ts";
import type { Graphs } from "./graphs.ts";
import type { PluginRegistry } from "./registry/registry.ts";
import { restore } from "./restore.ts";

/** What the system is made of. */
export interface SystemServiceOptions {
  readonly database: Database;
  readonly graphs: Graphs;
  readonly subscribers: Pick<Subscribers, "list">;
  readonly plugins: Pick<PluginRegistry, "active">;
  readonly clock: Clock;
  readonly dataDir: string;
  /** Address of a database server. Default: the engine is embedded. */
  readonly databaseUrl?: string;
  /** Ends backup and restore. */
  readonly signal: AbortSignal;
}

/** Bytes of all files below a folder; what goes meanwhile does not count. */
async function bytesBelow(folder: string): Promise<number> {
  let bytes = 0;
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      const path = `${folder}/${name}`;
      bytes += isDirectory
        ? await bytesBelow(path)
        : await Deno.stat(path).then(({ size }) => size, () => 0);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return bytes;
}

/** An address without user and password. */
function addressOf(url: string): string {
  const address = new URL(url);
  address.username = "";
  address.password = "";
  return address.href;
}

/** Makes the service. */
export function createSystemService(
  options: SystemServiceOptions,
): SystemService {
  const { database, graphs, subscribers, plugins, clock } = options;
  const startedAt = clock.now();
  let isRestoring = false;
  const until = (signal: AbortSignal) =>
    AbortSignal.any([signal, options.signal]);
  return {
    async info() {
      const { dataDir, databaseUrl } = options;
      const now = clock.now();
      const sizes = graphs.names().map(async (name) => {
        const graph = graphs.get(name);
        const { sequence, indexBytes, commit: _, ...counts } = await graph
          .size();
        return {
          name,
          ...counts,
          sequence: graph.sequence,
          index_sequence: sequence,
          index_bytes: indexBytes,
        };
      });
      const waiting = await readPendingRestore(database.system);
      const info: SystemInfoJson = {
        version: VERSION,
        started_at: new Date(startedAt).toISOString(),
        uptime_s: Math.round((now - startedAt) / 1_000),
        memory_bytes: Deno.memoryUsage().rss,
        database: databaseUrl === undefined
          ? "embedded"
          : addressOf(databaseUrl),
        ...(databaseUrl === undefined && {
          database_bytes: await bytesBelow(`${dataDir}/db`),
        }),
        data_dir: dataDir,
        graphs: await Promise.all(sizes),
        subscribers: subscribers.list().map(({ id }) => id),
        plugins: plugins.active().plugins.map(({ name, version }) =>
          `${name}@${version}`
        ),
        ...(waiting !== undefined && {
          waiting_restore: {
            created_at: waiting.createdAt,
            graphs: waiting.graphs,
          },
        }),
      };
      return info;
    },
    backup: (signal) =>
      backup({
        database,
        graphs,
        now: () => new Date(clock.now()),
        signal: until(signal),
      }),
    async restore(body, { force = false, signal }) {
      if (isRestoring) {
        throw new SkymapError(
          "conflict",
          "Cannot restore backup: another one is being restored",
        );
      }
      isRestoring = true;
      try {
        return await restore({ database, graphs }, body, {
          force,
          signal: until(signal),
        });
      } finally {
        isRestoring = false;
      }
    },
  };
}
