/**
 * A real database for tests.
 *
 * @module
 */

import { createToken, type Role } from "@skymap/lib/auth";
import { connectRemote, type DbSession, RecordId } from "@skymap/lib/db";
import { prepareDataDir } from "./data_dir.ts";
import { type Database, openDatabase } from "./open.ts";

/** An embedded database in a new directory, served on a free port. */
export interface TestDatabase extends AsyncDisposable {
  /** The database, as core has it. */
  readonly db: Database;
  /** Where it lies; removed in the end. */
  readonly dataDir: string;
  /** The pre-shared key. */
  readonly key: string;
  /** Address of its gateway. */
  readonly url: string;
  /** Makes the record of a worker, without which nobody signs in as it. */
  addWorker(id: string): Promise<RecordId>;
  /** A token. Default: of a worker, for a minute. */
  token(subject: string, role?: Role, ttlSeconds?: number): Promise<string>;
  /** A session over the gateway. Default: of a worker. */
  connect(subject: string, role?: Role): Promise<DbSession>;
}

const opened = new Set<AsyncDisposable>();

// An engine that is not closed when the tests of a file are done takes the
// process down. There are no hooks outside of `deno test`.
Deno.test.afterAll?.(async () => {
  for (const each of [...opened]) await each[Symbol.asyncDispose]();
});

/**
 * Opens a database for the tests of one file, in a tenth of a second. Share it
 * between the tests, for the engine's memory (45 MB) is not given back. It is
 * closed when the tests of the file are done.
 */
export async function openTestDatabase(): Promise<TestDatabase> {
  const dataDir = await Deno.makeTempDir({ prefix: "skymap-test-" });
  const stop = new AbortController();
  const key = "a key for tests, made of many letters";
  await prepareDataDir(dataDir);
  const db = await openDatabase({ dataDir, key, signal: stop.signal });
  const server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    (request) => db.gateway?.(request) ?? new Response(null, { status: 404 }),
  );
  const url = `ws://127.0.0.1:${server.addr.port}/rpc`;
  const token = (subject: string, role: Role = "worker", ttlSeconds = 60) =>
    createToken(key, { subject, role, ttlSeconds });
  const test: TestDatabase = {
    db,
    dataDir,
    key,
    url,
    token,
    addWorker: async (id) => {
      const worker = new RecordId("worker", id);
      await db.system.query("UPSERT $worker SET active = true", { worker });
      return worker;
    },
    connect: (subject, role) =>
      connectRemote({
        url,
        token: () => token(subject, role),
        signal: stop.signal,
      }),
    [Symbol.asyncDispose]: async () => {
      if (!opened.delete(test)) return;
      stop.abort();
      await db[Symbol.asyncDispose]();
      await server.shutdown();
      await Deno.remove(dataDir, { recursive: true });
    },
  };
  opened.add(test);
  return test;
}
