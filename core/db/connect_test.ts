import { connectRemote, type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError, type SkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import assert from "node:assert/strict";
import { openTestDatabase } from "./test_database.ts";

const at = await openTestDatabase();
await at.addWorker("w");

/** A wire that can be cut. */
class Wire implements Disposable {
  readonly #listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
  readonly #ends = new Set<Deno.Conn>();
  /** Whether new connections are refused. */
  isCut = false;
  /** Whether bytes are swallowed, as by a host that lost its power. */
  isDead = false;

  constructor() {
    void this.#accept();
  }

  get url(): string {
    return `ws://127.0.0.1:${this.#listener.addr.port}/rpc`;
  }

  async #accept(): Promise<void> {
    for await (const near of this.#listener) {
      if (this.isCut) {
        near.close();
        continue;
      }
      const far = await Deno.connect({
        hostname: "127.0.0.1",
        port: Number(new URL(at.url).port),
      });
      for (const end of [near, far]) this.#ends.add(end);
      void this.#copy(near, far);
      void this.#copy(far, near);
    }
  }

  async #copy(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const length = await from.read(buffer);
        if (length === null) break;
        if (this.isDead) continue;
        for (let sent = 0; sent < length;) {
          sent += await to.write(buffer.subarray(sent, length));
        }
      }
    } catch {
      // Cut.
    }
    this.#close(from);
    this.#close(to);
  }

  #close(end: Deno.Conn): void {
    if (this.#ends.delete(end)) end.close();
  }

  /** Cuts every connection. */
  cut(): void {
    for (const end of [...this.#ends]) this.#close(end);
  }

  [Symbol.dispose](): void {
    this.isCut = true;
    this.cut();
    this.#listener.close();
  }
}

interface Remote extends AsyncDisposable {
  readonly db: DbSession;
  readonly failures: SkymapError[];
  readonly reconnects: number;
}

async function connect(
  url: string,
  options: Partial<Parameters<typeof connectRemote>[0]> = {},
): Promise<Remote> {
  const stop = new AbortController();
  const failures: SkymapError[] = [];
  let reconnects = 0;
  const db = await connectRemote({
    url,
    token: () => at.token("w"),
    signal: stop.signal,
    onReconnect: () => reconnects++,
    onFailure: (error) => failures.push(error),
    ...options,
  });
  return {
    db,
    failures,
    get reconnects() {
      return reconnects;
    },
    [Symbol.asyncDispose]: async () => {
      await db[Symbol.asyncDispose]();
      stop.abort();
    },
  };
}

let actions = 0;

async function addAction(): Promise<void> {
  await at.db.system.query("CREATE $id CONTENT $row", {
    id: new RecordId("action", ++actions),
    row: {
      run: "run",
      step: "collect",
      message_type: "collect",
      subscriber: "w",
      worker: new RecordId("worker", "w"),
      timeout_s: 5,
    },
  });
}

Deno.test("connectRemote() connects again and goes on with live queries", async () => {
  using wire = new Wire();
  await using remote = await connect(wire.url);
  const seen: string[] = [];
  const onEvent = (action: string) => seen.push(action);
  await using _live = await remote.db.live(
    "LIVE SELECT * FROM action WHERE step = $step",
    { step: "collect" },
    onEvent,
  );
  {
    await using _ended = await remote.db.live(
      "LIVE SELECT * FROM action",
      {},
      onEvent,
    );
  }
  for (let round = 1; round <= 3; round++) {
    await addAction();
    await until(() => seen.length === round);
    wire.cut();
    await until(() => remote.reconnects === round);
  }
  assert.ok(remote.failures.length >= 3);
  assert.ok(
    remote.failures.every(({ code }) => code === "database_unreachable"),
  );
});

Deno.test("connectRemote() lets statements wait for the connection", async () => {
  using wire = new Wire();
  await using remote = await connect(wire.url);
  wire.isCut = true;
  wire.cut();
  await until(() => remote.failures.length >= 2);
  const answer = remote.db.query("RETURN 7");
  wire.isCut = false;
  assert.deepEqual(await answer, [7]);
});

Deno.test("connectRemote() rejects what was under way, and what waits too long", async () => {
  using wire = new Wire();
  await using remote = await connect(wire.url, { patienceMs: 50 });
  const slow = remote.db.query("RETURN sleep(10s)");
  wire.isCut = true;
  wire.cut();
  const isUnreachable = (error: unknown) =>
    isSkymapError(error, "database_unreachable");
  await assert.rejects(slow, isUnreachable);
  await assert.rejects(remote.db.query("RETURN 1"), isUnreachable);
});

Deno.test("connectRemote() notices a peer that is silent", async () => {
  using wire = new Wire();
  await using remote = await connect(wire.url, {
    heartbeatMs: 20,
    answerMs: 50,
  });
  wire.isDead = true;
  await until(() => remote.failures.length > 0);
  wire.cut();
  wire.isDead = false;
  assert.deepEqual(await remote.db.query("RETURN 1"), [1]);
});

Deno.test("connectRemote() renews its token on the same connection", async () => {
  let asked = 0;
  await using remote = await connect(at.url, {
    token: () => {
      asked++;
      return at.token("w", "worker", 2);
    },
  });
  await until(() => asked >= 3);
  assert.deepEqual(await remote.db.query("RETURN 1"), [1]);
  assert.equal(remote.reconnects, 0);
  assert.deepEqual(remote.failures, []);
});

Deno.test("connectRemote() does not try for ever when the first try fails", async () => {
  const signal = AbortSignal.timeout(10_000);
  const cases = [
    ["ws://127.0.0.1:1/rpc", "w", "database_unreachable"],
    [at.url, "nobody", "database_denied"],
    [at.url.replace("/rpc", "/elsewhere"), "nobody", "database_denied"],
  ] as const;
  for (const [url, worker, code] of cases) {
    await assert.rejects(
      connectRemote({ url, token: () => at.token(worker), signal }),
      (error) => isSkymapError(error, code) && error.message.includes(url),
      url,
    );
  }
  await assert.rejects(
    connectRemote({
      url: at.url,
      token: () => Promise.reject(new Error("no key")),
      signal,
    }),
    /no key/,
  );
});

Deno.test("connectRemote() ends with its signal", async () => {
  const stop = new AbortController();
  const db = await connectRemote({
    url: at.url,
    token: () => at.token("w"),
    signal: stop.signal,
  });
  const slow = db.query("RETURN sleep(10s)");
  stop.abort(new Error("enough"));
  await assert.rejects(slow, /ended/);
  await assert.rejects(db.query("RETURN 1"), /enough/);
});
