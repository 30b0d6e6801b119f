import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type DbSession, RecordId } from "@skymap/lib/db";
import {
  type ActionHandler,
  ActionRunner,
  type TaskHandler,
  TaskRunner,
} from "@skymap/lib/subscriber";
import { openTestDatabase } from "../../core/db/test_database.ts";
import { Actions } from "../../core/events/actions.ts";
import { SYSTEM_CLOCK } from "../../core/events/clock.ts";
import { Subscribers } from "../../core/events/subscribers.ts";
import { TaskQueue } from "../../core/tasks/queue.ts";
import { until } from "../helpers/system.ts";

const world = await openTestDatabase();
const core = world.db.system;

interface Row {
  readonly state: string;
  readonly error?: string;
  readonly progress?: unknown;
  readonly info?: readonly { readonly message: string }[];
}

let lastRun = 0;

/** Makes a pending action for a worker, and reads what becomes of it. */
async function newAction(worker: string, messageType = "collect") {
  const run = `run${++lastRun}`;
  await using actions = await Actions.open({ db: core, clock: SYSTEM_CLOCK });
  await actions.create([{
    run,
    step: messageType,
    subscriber: worker,
    worker,
    wait: true,
    deadline: Date.now() + 60_000,
    payload: {},
  }]);
  const id = new RecordId("action", `${run}:${messageType}:${worker}`);
  return {
    id,
    run,
    async read(): Promise<Row> {
      const [[row]] = await core.query<[Row[]]>("SELECT * FROM $id", { id });
      ok(row);
      return row;
    },
    async set(sql: string): Promise<void> {
      await core.query(`UPDATE $id SET ${sql}`, { id });
    },
  };
}

/** A worker that takes actions until it is disposed of. */
class Worker implements AsyncDisposable {
  readonly runs: string[] = [];
  readonly #stop = new AbortController();
  readonly #session: DbSession;
  #runner: ActionRunner | undefined;

  private constructor(session: DbSession) {
    this.#session = session;
  }

  static async start(id: string, handler?: ActionHandler): Promise<Worker> {
    await world.addWorker(id);
    const worker = new Worker(await world.connect(id));
    worker.#runner = await ActionRunner.start({
      db: worker.#session,
      handlers: {
        collect: async (action) => {
          worker.runs.push(action.run);
          await handler?.(action);
        },
      },
      pollMs: 60_000,
      signal: worker.#stop.signal,
    });
    return worker;
  }

  catchUp(leftovers: boolean): Promise<void> {
    return this.#runner?.catchUp({ leftovers }) ?? Promise.resolve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new DOMException("stop", "AbortError"));
    await this.#runner?.[Symbol.asyncDispose]();
    await this.#session[Symbol.asyncDispose]();
  }
}

/** Runs until told to end, or aborted. */
function endless({ signal }: { readonly signal: AbortSignal }): Promise<void> {
  return new Promise((_, reject) =>
    signal.addEventListener("abort", () => reject(signal.reason))
  );
}

Deno.test("ActionRunner takes an action as it comes, and answers it", async () => {
  await using worker = await Worker.start("w1", ({ info }) => {
    info("warning", "slow today", { why: "rain" });
    return Promise.resolve();
  });
  const action = await newAction("w1");
  await until("it is done", async () => (await action.read()).state === "done");
  deepStrictEqual(worker.runs, [action.run]);
  deepStrictEqual((await action.read()).info, [
    { level: "warning", message: "slow today", details: { why: "rain" } },
  ]);
});

Deno.test("ActionRunner tells how far an action is, the last word at the end", async () => {
  await using _worker = await Worker.start("w40", ({ progress }) => {
    for (let current = 1; current <= 9; current++) {
      progress({ kind: "progress", name: "all", current, total: 9 });
    }
    return Promise.resolve();
  });
  const action = await newAction("w40");
  await until("it is done", async () => (await action.read()).state === "done");
  deepStrictEqual((await action.read()).progress, {
    kind: "progress",
    name: "all",
    current: 9,
    total: 9,
  });
});

Deno.test("ActionRunner finds what came while it was not there", async () => {
  const action = await newAction("w2");
  await using worker = await Worker.start("w2");
  await until("it is done", async () => (await action.read()).state === "done");
  deepStrictEqual(worker.runs, [action.run]);
});

Deno.test("ActionRunner answers with the reason of a failure", async () => {
  await using _worker = await Worker.start(
    "w3",
    () => Promise.reject(new Error("no credentials")),
  );
  const action = await newAction("w3");
  const other = await newAction("w3", "cleanup");
  for (
    const [each, reason] of [
      [action, /^no credentials$/],
      [other, /this worker does not know it/],
    ] as const
  ) {
    const row = await until("it failed", async () => {
      const seen = await each.read();
      return seen.state === "failed" ? seen : undefined;
    });
    match(row.error ?? "", reason);
  }
});

Deno.test("ActionRunner takes up again what its earlier life was killed in", async () => {
  const action = await newAction("w4");
  {
    await using first = await Worker.start("w4", endless);
    await until("it runs", () => Promise.resolve(first.runs.length > 0));
  }
  strictEqual((await action.read()).state, "claimed");
  await using second = await Worker.start("w4");
  await until("it is done", async () => (await action.read()).state === "done");
  deepStrictEqual(second.runs, [action.run]);
});

Deno.test("ActionRunner lets only one of two with the same name take an action", async () => {
  await world.addWorker("w5");
  const handler: ActionHandler = () => Promise.resolve();
  await using one = await Worker.start("w5", handler);
  await using two = await Worker.start("w5", handler);
  const actions = await Promise.all(
    Array.from({ length: 20 }, () => newAction("w5")),
  );
  await Promise.all([one.catchUp(false), two.catchUp(false)]);
  for (const action of actions) {
    await until(
      "it is done",
      async () => (await action.read()).state === "done",
    );
  }
  deepStrictEqual(
    [...one.runs, ...two.runs].sort(),
    actions.map(({ run }) => run).sort(),
  );
});

Deno.test("ActionRunner stops what core has ended, and does not answer it", async () => {
  const ended: unknown[] = [];
  await using worker = await Worker.start("w6", async (action) => {
    await endless(action).catch((error) => ended.push(error));
  });
  const action = await newAction("w6");
  await until("it runs", () => Promise.resolve(worker.runs.length > 0));
  await action.set("state = 'timed_out'");
  await until("it stops", () => Promise.resolve(ended.length > 0));
  strictEqual((await action.read()).state, "timed_out");
  // An action that this worker runs is not taken a second time meanwhile.
  await worker.catchUp(true);
  strictEqual(worker.runs.length, 1);
});

Deno.test("ActionRunner writes nothing over the one that took its action away", async () => {
  let finish: () => void = () => {};
  await using worker = await Worker.start(
    "w7",
    () => new Promise((resolve) => finish = resolve),
  );
  const action = await newAction("w7");
  await until("it runs", () => Promise.resolve(worker.runs.length > 0));
  await action.set("claimed_at = time::now() + 1h");
  finish();
  const next = await newAction("w7");
  await until(
    "the next one runs",
    () => Promise.resolve(worker.runs.includes(next.run)),
  );
  strictEqual((await action.read()).state, "claimed");
  finish();
});

/** Starts a worker that does the task `count`. */
async function startCounter(
  id: string,
  subscribers: Subscribers,
  handler: TaskHandler,
  leaseMs = 30_000,
) {
  await subscribers.put({
    id,
    subscriptions: {},
    capabilities: [{ name: "count", filter: {} }],
    parallel_tasks: 20,
  });
  const stop = new AbortController();
  const db = await world.connect(id);
  const runner = await TaskRunner.start({
    db,
    handlers: { count: handler },
    leaseMs,
    signal: stop.signal,
  });
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort(new DOMException("stop", "AbortError"));
      await runner[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
    },
  };
}

Deno.test("TaskRunner: 8 workers race for 2,000 tasks, and each is done by one", async () => {
  await using subscribers = await Subscribers.open({
    db: core,
    clock: SYSTEM_CLOCK,
  });
  await using queue = await TaskQueue.open({
    db: core,
    clock: SYSTEM_CLOCK,
    subscribers,
  });
  const done = new Map<string, string[]>();
  await using stack = new AsyncDisposableStack();
  for (let number = 0; number < 8; number++) {
    const id = `racer${number}`;
    stack.use(
      await startCounter(id, subscribers, ({ payload }) => {
        const key = String(payload["number"]);
        done.set(key, [...done.get(key) ?? [], id]);
        return Promise.resolve({ squared: Number(key) ** 2 });
      }),
    );
  }
  const submitted = await Promise.all(
    Array.from(
      { length: 2_000 },
      (_, number) => queue.submit("count", {}, { number }),
    ),
  );
  const results = await Promise.all(submitted.map(({ result }) => result));
  deepStrictEqual(
    results,
    Array.from({ length: 2_000 }, (_, n) => ({ squared: n ** 2 })),
  );
  strictEqual(done.size, 2_000);
  for (const [key, workers] of done) strictEqual(workers.length, 1, key);
  ok(new Set([...done.values()].flat()).size > 1);
});

Deno.test("TaskRunner tells core why a task failed, and gives up what is another's", async () => {
  await using subscribers = await Subscribers.open({
    db: core,
    clock: SYSTEM_CLOCK,
  });
  await using queue = await TaskQueue.open({
    db: core,
    clock: SYSTEM_CLOCK,
    subscribers,
    leaseMs: 60_000,
  });
  let aborted = false;
  await using _worker = await startCounter(
    "failing",
    subscribers,
    async ({ payload, signal }) => {
      if (payload["number"] === 1) throw new RangeError("one is too many");
      await new Promise((resolve) =>
        signal.addEventListener("abort", resolve, { once: true })
      );
      aborted = true;
      return null;
    },
    90,
  );
  const bad = await queue.submit("count", {}, { number: 1 }, { retries: 0 });
  match(
    await bad.result.then(() => "", (error) => String(error.message)),
    /one is too many/,
  );
  const slow = await queue.submit("count", {}, { number: 2 }, { retries: 0 });
  const id = new RecordId("task", slow.id);
  await until("it runs", async () => {
    const [[row]] = await core.query<[Row[]]>("SELECT * FROM $id", { id });
    return row?.state === "running";
  });
  await queue.cancel(slow.id);
  await until("the worker stops", () => Promise.resolve(aborted));
});
