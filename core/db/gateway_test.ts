import { createToken, signingKey } from "@skymap/lib/auth";
import { type DbSession, RecordId } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { until } from "@skymap/lib/testing";
import fc from "fast-check";
import { SignJWT } from "jose";
import assert from "node:assert/strict";
import { CborCodec, Surreal, Uuid } from "surrealdb";
import { openTestDatabase } from "./test_database.ts";

const codec = new CborCodec({});

interface Answer {
  readonly result?: unknown;
  readonly error?: { readonly message: string; readonly kind: string };
}

/** A client that says what no SDK would. */
class RawClient {
  readonly #socket: WebSocket;
  readonly #answers = new Map<string, (answer: Answer) => void>();
  readonly events: unknown[] = [];
  readonly closed: Promise<CloseEvent>;
  #last = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    this.closed = new Promise((resolve) => socket.onclose = resolve);
    socket.onmessage = ({ data }) => {
      const answer = codec.decode<Answer & { id?: string }>(
        new Uint8Array(data),
      );
      if (answer.id === undefined) this.events.push(answer.result);
      else this.#answers.get(answer.id)?.(answer);
    };
  }

  static open(url: string): Promise<RawClient> {
    const socket = new WebSocket(url, "cbor");
    const client = new RawClient(socket);
    return new Promise((resolve, reject) => {
      socket.onopen = () => resolve(client);
      socket.onerror = () => reject(new Error("not opened"));
    });
  }

  send(message: unknown): void {
    this.#socket.send(codec.encode(message).slice());
  }

  sendBytes(bytes: Uint8Array<ArrayBuffer> | string): void {
    this.#socket.send(bytes);
  }

  call(
    method: string,
    params: unknown[] = [],
    rest: Record<string, unknown> = {},
  ): Promise<Answer> {
    const id = String(++this.#last);
    this.send({ id, method, params, ...rest });
    return new Promise((resolve) => this.#answers.set(id, resolve));
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}

const at = await openTestDatabase();
const { system } = at.db;
await at.db.graph("main");
await (await at.db.graph("main")).query("CREATE node:1 SET secret = true");

let workers = 0;

/** A worker of its own for each test, with an action and a task. */
async function newWorker(): Promise<{ id: string; record: RecordId }> {
  const id = `w${++workers}`;
  const record = await at.addWorker(id);
  await addAction(id, "1");
  await system.query(
    "CREATE $id SET owner = $record, name = 'tag', payload = {a: 1}",
    { id: new RecordId("task", `${id}-1`), record },
  );
  return { id, record };
}

async function addAction(worker: string, name: string): Promise<void> {
  await system.query("CREATE $id CONTENT $row", {
    id: new RecordId("action", `${worker}-${name}`),
    row: {
      run: "run",
      step: "collect",
      message_type: "collect",
      subscriber: worker,
      worker: new RecordId("worker", worker),
      timeout_s: 5,
      payload: { a: 1 },
    },
  });
}

async function signedIn(worker: string): Promise<RawClient> {
  const client = await RawClient.open(at.url);
  const answer = await client.call("authenticate", [await at.token(worker)]);
  assert.equal(answer.error, undefined);
  return client;
}

/** Everything that is defined anywhere, to see that nothing was added. */
async function definitions(): Promise<unknown> {
  const [root, namespace, database] = await system.query<
    [Record<string, unknown>, Record<string, unknown>, Record<string, unknown>]
  >("INFO FOR ROOT; INFO FOR NS; INFO FOR DB");
  return [root.namespaces, namespace.databases, database.tables];
}

async function livesOf(table: string): Promise<number> {
  const [info] = await system.query<[{ lives: object }]>(
    `INFO FOR TABLE ${table}`,
  );
  return Object.keys(info.lives).length;
}

Deno.test("gateway() refuses what is no WebSocket with cbor, and says so", async () => {
  const http = at.url.replace("ws:", "http:");
  const plain = await fetch(http);
  assert.equal(plain.status, 426);
  assert.match(await plain.text(), /WebSocket/);
  const json = at.db.gateway?.(
    new Request(http, {
      headers: { upgrade: "websocket", "sec-websocket-protocol": "json" },
    }),
  );
  assert.equal(json?.status, 400);
  assert.match(await json?.text() ?? "", /"json".*"cbor"/);
});

Deno.test("gateway() answers nothing before sign-in but what opens a session", async () => {
  using client = await RawClient.open(at.url);
  for (const method of ["ping", "health"]) {
    assert.deepEqual((await client.call(method)).error, undefined, method);
  }
  assert.match(String((await client.call("version")).result), /\d+\.\d+/);
  assert.deepEqual((await client.call("use", ["skymap", "system"])).result, {
    namespace: "skymap",
    database: "system",
  });
  const session = Uuid.v4();
  const attached = await client.call("attach", [], { session });
  assert.equal(attached.error, undefined);
  const methods = [
    ..."query live kill let unset select create insert update upsert merge"
      .split(" "),
    ..."patch delete relate run info begin commit cancel sessions signin"
      .split(" "),
    ..."signup refresh revoke graphql export import ml_import yuse"
      .split(" "),
  ];
  for (const method of methods) {
    for (const rest of [{}, { session }]) {
      const params = ["RETURN $session"];
      const { error, result } = await client.call(method, params, rest);
      assert.equal(error?.kind, "NotAllowed", method);
      assert.equal(result, undefined);
    }
  }
});

Deno.test("gateway() drops the socket on invalidate, reset and detach", async () => {
  const { id } = await newWorker();
  for (const method of ["invalidate", "reset", "detach"]) {
    for (const early of [true, false]) {
      const client = early ? await RawClient.open(at.url) : await signedIn(id);
      // The next call must not find a session without its user.
      client.send({ id: "a", method });
      client.send({ id: "b", method: "query", params: ["INFO FOR ROOT"] });
      let answered = false;
      void client.call("query", ["SELECT * FROM run"]).then(() => {
        answered = true;
      });
      const { code } = await client.closed;
      // What the client goes on sending may cut the line before the reason
      // is read: then the code is 0.
      assert.ok(code === 4000 || code === 0, `${method}: ${code}`);
      assert.equal(answered, false);
    }
  }
});

Deno.test("gateway() says why it drops the socket", async () => {
  const { id } = await newWorker();
  for (const method of ["invalidate", "reset", "detach"]) {
    const client = await signedIn(id);
    client.send({ id: "a", method });
    assert.equal((await client.closed).code, 4000, method);
  }
});

Deno.test("gateway() drops a socket that does not sign in", async () => {
  const { createGateway } = await import("./gateway.ts");
  const gateway = createGateway({
    engine: {
      openSession: () => Promise.reject(new Error("not asked")),
      send: () => Promise.reject(new Error("not asked")),
      version: () => Promise.resolve("surrealdb-3.0.2"),
      liveQuery: () => {
        throw new Error("not asked");
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    key: at.key,
    signInMs: 20,
  });
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    (request) => gateway.handle(request),
  );
  const client = await RawClient.open(`ws://127.0.0.1:${server.addr.port}`);
  assert.equal((await client.closed).code, 4002);
});

Deno.test("gateway() closes its sockets and their live queries in the end", async () => {
  const { id } = await newWorker();
  const { createGateway } = await import("./gateway.ts");
  const detached: unknown[] = [];
  const gateway = createGateway({
    key: at.key,
    engine: {
      openSession: () => Promise.reject(new Error("not asked")),
      send: ({ method, session }) => {
        if (method === "detach") detached.push(session);
        return Promise.resolve(null);
      },
      version: () => Promise.resolve("surrealdb-3.0.2"),
      liveQuery: () => {
        throw new Error("not asked");
      },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
  });
  await using server = Deno.serve(
    { port: 0, onListen() {} },
    (request) => gateway.handle(request),
  );
  const client = await RawClient.open(`ws://127.0.0.1:${server.addr.port}`);
  await client.call("authenticate", [await at.token(id)]);
  await gateway[Symbol.asyncDispose]();
  assert.equal(detached.length, 1);
  assert.equal((await client.closed).code, 1001);
});

Deno.test("gateway() refuses forged tokens and unknown workers", async () => {
  const { id } = await newWorker();
  await system.query("CREATE worker:retired SET active = false");
  const claims = {
    ns: "skymap",
    db: "system",
    ac: "worker",
    role: "worker",
    sub: id,
    exp: Math.floor(Date.now() / 1000) + 60,
    id: `worker:\`${id}\``,
  };
  const sign = async (changed: object, key = at.key) =>
    await new SignJWT({ ...claims, ...changed })
      .setProtectedHeader({ alg: "HS256" })
      .sign(new TextEncoder().encode(await signingKey(key)));
  const cases: [string, string][] = [
    ["another key", await sign({}, "another key than that of core")],
    ["expired", await at.token(id, "worker", -1)],
    ["no record", await at.token("nobody")],
    ["inactive record", await at.token("retired")],
    ["operator", await at.token("me", "operator")],
    ["scraper", await at.token(id, "scraper")],
    ["no role", await sign({ role: undefined })],
    ["another table", await sign({ id: "run:1" })],
    ["a graph", await sign({ db: "graph_main" })],
    ["system user", await sign({ ac: undefined, id: "root", rl: ["Owner"] })],
    ["garbage", "garbage"],
  ];
  for (const [name, token] of cases) {
    using client = await RawClient.open(at.url);
    const { error } = await client.call("authenticate", [token]);
    assert.equal(error?.kind, "NotAllowed", name);
    const after = await client.call("query", ["SELECT * FROM run"]);
    assert.equal(after.error?.kind, "NotAllowed", name);
  }
});

Deno.test("gateway() keeps a worker to its own rows", async () => {
  const mine = await newWorker();
  const other = await newWorker();
  await using db = await at.connect(mine.id);
  const [actions, tasks, all] = await db.query<[unknown[], unknown[], number]>(
    `SELECT VALUE id FROM action; SELECT VALUE id FROM task;
    RETURN array::len((SELECT * FROM action))`,
  );
  assert.deepEqual(actions.map(String), [`action:⟨${mine.id}-1⟩`]);
  assert.deepEqual(tasks.map(String), [`task:⟨${mine.id}-1⟩`]);
  assert.equal(all, 1);
  const theirs = {
    action: new RecordId("action", `${other.id}-1`),
    task: new RecordId("task", `${other.id}-1`),
    me: mine.record,
  };
  const attempts = [
    "SELECT * FROM $action, $task",
    "UPDATE $action SET state = 'done'",
    "UPDATE $task SET state = 'done'",
    "UPSERT $action SET state = 'done'",
    "UPSERT $task SET owner = $me",
    "INSERT INTO action {id: $action, worker: $me} ON DUPLICATE KEY UPDATE state = 'done'",
    "DELETE $action",
    "DELETE action; ",
    "CREATE action SET worker = $me, run = 'r', step = 's', message_type = 'm', subscriber = 's', timeout_s = 1",
    "UPDATE worker SET active = false WHERE id != $auth",
    "SELECT * FROM worker WHERE id != $auth",
    "CREATE worker:evil SET active = true",
    "SELECT * FROM run, run_log, schedule, plugin, config, migration",
    "CREATE run:1 SET state = 'done'",
    "RELATE $me->action->$action",
    "SELECT * FROM $action->?",
  ];
  const before = await system.query(
    "SELECT * FROM $action; SELECT * FROM $task; SELECT * FROM worker; SELECT * FROM run",
    theirs,
  );
  for (const sql of attempts) {
    const answer = await db.query<[unknown]>(sql, theirs).catch((error) => {
      assert.ok(isSkymapError(error), sql);
      return [[]];
    });
    assert.deepEqual(answer[0] ?? [], [], sql);
  }
  assert.deepEqual(
    await system.query(
      "SELECT * FROM $action; SELECT * FROM $task; SELECT * FROM worker; SELECT * FROM run",
      theirs,
    ),
    before,
  );
});

Deno.test("gateway() lets a worker change only how its work goes on", async () => {
  const mine = await newWorker();
  const other = await newWorker();
  await using db = await at.connect(mine.id);
  const action = new RecordId("action", `${mine.id}-1`);
  const task = new RecordId("task", `${mine.id}-1`);
  const [claimed] = await db.query<[unknown[]]>(
    `UPDATE $action SET state = 'claimed', claimed_at = time::now(),
      progress = {done: 1}, info = [{level: 'info', message: 'a'}]
      WHERE state = 'pending' RETURN id`,
    { action },
  );
  assert.equal(claimed.length, 1);
  const [again] = await db.query<[unknown[]]>(
    "UPDATE $action SET state = 'claimed' WHERE state = 'pending' RETURN id",
    { action },
  );
  assert.equal(again.length, 0);
  const [updated] = await db.query<[unknown[]]>(
    `UPDATE $task SET state = 'done', result = {tags: 2},
      lease_until = time::now() + 1m RETURN id`,
    { task },
  );
  assert.equal(updated.length, 1);
  const before = await system.query<[object[], object[]]>(
    "SELECT * FROM $action; SELECT * FROM $task",
    { action, task },
  );
  const bindings = { action, task, other: other.record };
  for (
    const sql of [
      "UPDATE $action SET worker = $other",
      "UPDATE $action SET run = 'x', step = 'y', subscriber = 'z'",
      "UPDATE $action SET payload = {}, payload.a = 2",
      "UPDATE $action SET payload.a = 2",
      "UPDATE $action SET payload.b = 2",
      "UPDATE $action UNSET payload.a",
      "UPDATE $action UNSET deadline, timeout_s",
      "UPDATE $action SET deadline = time::now() + 1y, timeout_s = 9",
      "UPDATE $action PATCH [{op: 'replace', path: '/payload/a', value: 3}]",
      "UPDATE $action MERGE {created_at: time::now()}",
      "UPDATE $action REPLACE {worker: $other}",
      "UPDATE $action CONTENT {state: 'done'}",
      "UPDATE $action SET state = 'nonsense'",
      "UPDATE $task SET owner = $other",
      "UPDATE $task SET owner = NONE",
      "UPDATE $task UNSET owner",
      "UPDATE $task SET name = 'x', payload = {}, retries = 9, attempts = 0",
      "UPDATE $task SET attrs.cloud = 'x'",
    ]
  ) {
    await db.query(sql, bindings).catch((error) => {
      assert.ok(isSkymapError(error), sql);
    });
    assert.deepEqual(
      await system.query(
        "SELECT * FROM $action; SELECT * FROM $task",
        bindings,
      ),
      before,
      sql,
    );
  }
});

Deno.test("gateway() lets a worker give only its own signs of life", async () => {
  const mine = await newWorker();
  const other = await newWorker();
  for (const { id, record } of [mine, other]) {
    await system.query(
      "CREATE $id SET worker = $record, seen = d'2020-01-01T00:00:00Z', subscriptions = {a: 1}",
      { id: new RecordId("subscriber", id), record },
    );
  }
  await using db = await at.connect(mine.id);
  const [seen] = await db.query<[unknown[]]>(
    "UPDATE subscriber SET seen = time::now(), subscriptions = {} RETURN VALUE id",
  );
  assert.deepEqual(seen.map(String), [`subscriber:${mine.id}`]);
  const [rows] = await system.query<[{ seen: Date; subscriptions: object }[]]>(
    "SELECT * FROM $ids",
    {
      ids: [mine, other].map(({ id }) => new RecordId("subscriber", id)),
    },
  );
  assert.ok((rows[0]?.seen.getFullYear() ?? 0) > 2020);
  assert.equal(rows[1]?.seen.getFullYear(), 2020);
  assert.deepEqual(rows[0]?.subscriptions, { a: 1 });
});

Deno.test("gateway() tells a live query of its own rows only", async () => {
  const mine = await newWorker();
  const other = await newWorker();
  await using db = await at.connect(mine.id);
  const events: [string, string][] = [];
  for (const table of ["action", "task", "worker", "run"]) {
    await db.live<{ id: RecordId }>(
      `LIVE SELECT * FROM ${table}`,
      {},
      (action, { id }) => events.push([action, String(id)]),
    );
  }
  await addAction(other.id, "2");
  await system.query("UPDATE task SET n = 1; CREATE run:live SET a = 1");
  await addAction(mine.id, "2");
  await until(() => events.length >= 2);
  await system.query("DELETE $id", {
    id: new RecordId("action", `${mine.id}-2`),
  });
  await until(() => events.length >= 3);
  assert.deepEqual(events, [
    ["UPDATE", `task:⟨${mine.id}-1⟩`],
    ["CREATE", `action:⟨${mine.id}-2⟩`],
    ["DELETE", `action:⟨${mine.id}-2⟩`],
  ]);
});

Deno.test("gateway() tells of changes of graphs to metrics alone", async () => {
  const { id } = await newWorker();
  const metrics = `${id}-metrics`;
  await at.addWorker(metrics);
  const row = { graph: "main", after: 0, last: 1, at: "", kinds: ["a"] };
  const tell = (last: number) =>
    system.query("UPSERT graph_change:main CONTENT $row", {
      row: { ...row, last },
    });
  await tell(1);
  await using worker = await at.connect(id);
  await using exporter = await at.connect(metrics, "metrics");
  const heard: [string, number][] = [];
  await using _worker = await worker.live(
    "LIVE SELECT * FROM graph_change",
    {},
    () => heard.push(["worker", 0]),
  );
  await using _exporter = await exporter.live<{ last: number }>(
    "LIVE SELECT * FROM graph_change",
    {},
    (_, { last }) => heard.push(["metrics", last]),
  );
  const select = "SELECT * OMIT id FROM graph_change";
  assert.deepEqual(await exporter.query(select), [[{ ...row, last: 1 }]]);
  assert.deepEqual(await worker.query(select), [[]]);
  await tell(2);
  await tell(3);
  await until(() => heard.length >= 2);
  assert.deepEqual(heard, [["metrics", 2], ["metrics", 3]]);
  for (
    const sql of [
      "UPDATE graph_change SET last = 9",
      "UPSERT graph_change:main SET last = 9",
      "CREATE graph_change:other SET last = 9",
      "DELETE graph_change",
    ]
  ) {
    await exporter.query(sql).catch((error) => assert.ok(isSkymapError(error)));
    assert.deepEqual(await system.query(select), [[{ ...row, last: 3 }]], sql);
  }
  await system.query("DELETE graph_change");
});

Deno.test("gateway() tells only the connection that asked", async () => {
  const { id } = await newWorker();
  using asks = await signedIn(id);
  using listens = await signedIn(id);
  const started = await asks.call("query", ["LIVE SELECT * FROM action"]);
  assert.equal(started.error, undefined);
  await addAction(id, "2");
  await until(() => asks.events.length === 1);
  await listens.call("ping");
  assert.equal(listens.events.length, 0);
});

Deno.test("gateway() serves no other database, and makes none", async () => {
  const { id } = await newWorker();
  using client = await signedIn(id);
  const before = await definitions();
  for (
    const params of [
      ["skymap", "graph_main"],
      ["skymap", "system`"],
      ["other", "system"],
      [null, "graph_main"],
    ]
  ) {
    const { error } = await client.call("use", params);
    assert.equal(error?.kind, "NotAllowed", String(params));
  }
  for (
    const sql of [
      "USE DB graph_main; SELECT * FROM node",
      "USE NS other DB other; CREATE x",
      "use/**/db evil",
      "RETURN 1;USE DATABASE `evil`",
      "-- x\nUSE NS evil",
      "DEFINE DATABASE evil",
      "DEFINE TABLE evil",
      "DEFINE USER evil ON DATABASE PASSWORD 'x' ROLES OWNER",
      "DEFINE EVENT evil ON action THEN (UPDATE worker SET active = false)",
      "DEFINE FUNCTION fn::evil() { RETURN 1 }",
      "REMOVE TABLE action",
      "ALTER TABLE run PERMISSIONS FULL",
      "CREATE evil:1",
      "INSERT INTO evil {a: 1}",
      "INFO FOR DB",
      "INFO FOR ROOT",
      "SHOW CHANGES FOR TABLE action SINCE 0",
      "REBUILD INDEX action_state ON action",
      "RETURN http::get('http://127.0.0.1:1')",
      "RETURN function() { return 1 }",
      "LET $auth = worker:w1; RETURN $auth",
    ]
  ) {
    const { error, result } = await client.call("query", [sql]);
    const statements = (result ?? []) as { status: string; result: unknown }[];
    const carriedOut = statements.filter((each) =>
      each.status === "OK" && !Array.isArray(each.result)
    );
    const seen = statements.flatMap((each) =>
      each.status === "OK" && Array.isArray(each.result) ? each.result : []
    );
    assert.deepEqual(seen, [], sql);
    if (!sql.startsWith("LET")) {
      assert.ok(error !== undefined || carriedOut.length === 0, sql);
    }
  }
  for (const name of ["auth", "token", "session", "access"]) {
    const record = new RecordId("worker", "w1");
    assert.notEqual(
      (await client.call("let", [name, record])).error,
      undefined,
    );
    const bound = await client.call("query", ["RETURN 1", { [name]: record }]);
    assert.notEqual(bound.error, undefined, name);
  }
  const { error } = await client.call("query", ["RETURN 1"], {
    txn: Uuid.v4(),
  });
  assert.equal(error?.kind, "NotAllowed");
  assert.deepEqual(await definitions(), before);
});

Deno.test("gateway() ends a socket with its token, and its live queries", async () => {
  const { id } = await newWorker();
  const before = await livesOf("action");
  const client = await RawClient.open(at.url);
  await client.call("authenticate", [await at.token(id, "worker", 2)]);
  await client.call("query", ["LIVE SELECT * FROM action"]);
  assert.equal(await livesOf("action"), before + 1);
  const { code } = await client.closed;
  assert.equal(code, 4001);
  await until(async () => await livesOf("action") === before);
  await addAction(id, "2");
  assert.equal(client.events.length, 0);
});

Deno.test("gateway() goes on when a fresh token comes in time", async () => {
  const { id } = await newWorker();
  using client = await RawClient.open(at.url);
  await client.call("authenticate", [await at.token(id, "worker", 2)]);
  await client.call("query", ["LIVE SELECT * FROM action"]);
  let closed = false;
  void client.closed.then(() => closed = true);
  const renewed = await client.call("authenticate", [await at.token(id)]);
  assert.equal(renewed.error, undefined);
  const end = Date.now() + 2_100;
  await until(() => closed || Date.now() > end);
  assert.equal(closed, false);
  await addAction(id, "2");
  await until(() => client.events.length === 1);
});

Deno.test("gateway() refuses another worker's token on a session in use", async () => {
  const mine = await newWorker();
  const other = await newWorker();
  using client = await signedIn(mine.id);
  const { error } = await client.call("authenticate", [
    await at.token(other.id),
  ]);
  assert.equal(error?.kind, "NotAllowed");
  const { result } = await client.call("query", ["RETURN $auth"]);
  assert.deepEqual(
    (result as { result: RecordId }[])[0]?.result.toString(),
    `worker:${mine.id}`,
  );
});

Deno.test("gateway() drops a worker that was struck off when it renews", async () => {
  const { id, record } = await newWorker();
  const client = await signedIn(id);
  await system.query("UPDATE $record SET active = false", { record });
  client.send({
    id: "x",
    method: "authenticate",
    params: [await at.token(id)],
  });
  assert.equal((await client.closed).code, 4000);
});

Deno.test("gateway() kills the live queries of a socket that closes", async () => {
  const { id } = await newWorker();
  const before = await livesOf("action");
  const client = await signedIn(id);
  for (let n = 0; n < 3; n++) {
    await client.call("live", ["action"]);
    // Not answered yet when the socket goes.
    void client.call("query", ["LIVE SELECT * FROM action"]);
  }
  client[Symbol.dispose]();
  await client.closed;
  await until(async () => await livesOf("action") === before);
});

Deno.test("gateway() tells how many sockets and live queries it has", async () => {
  const { id } = await newWorker();
  await until(() => at.db.gatewayLoad()?.sockets === 0);
  {
    using client = await signedIn(id);
    await client.call("live", ["action"]);
    await client.call("query", ["LIVE SELECT * FROM task"]);
    assert.deepEqual(at.db.gatewayLoad(), { sockets: 1, liveQueries: 2 });
  }
  await until(() => at.db.gatewayLoad()?.sockets === 0);
  assert.deepEqual(at.db.gatewayLoad(), { sockets: 0, liveQueries: 0 });
});

Deno.test("gateway() ends a live query that is killed, by its session only", async () => {
  const mine = await newWorker();
  const other = await newWorker();
  using client = await signedIn(mine.id);
  using stranger = await signedIn(other.id);
  const { result } = await client.call("query", ["LIVE SELECT * FROM action"]);
  const live = (result as { result: Uuid }[])[0]?.result;
  await client.call("kill", [live]);
  await addAction(mine.id, "2");
  await client.call("ping");
  assert.deepEqual(
    client.events.filter((event) =>
      (event as { action: string }).action !== "KILLED"
    ),
    [],
  );
  assert.equal(stranger.events.length, 0);
});

Deno.test("gateway() bounds messages, sessions and calls", async () => {
  const { id } = await newWorker();
  const big = await signedIn(id);
  big.send({ id: "1", method: "query", params: ["x".repeat(17 * 2 ** 20)] });
  assert.equal((await big.closed).code, 1009);

  using many = await signedIn(id);
  const answers = [];
  for (let n = 0; n < 20; n++) {
    answers.push(await many.call("attach", [], { session: Uuid.v4() }));
  }
  assert.equal(answers.filter(({ error }) => error === undefined).length, 15);

  using flood = await signedIn(id);
  const slow = Array.from(
    { length: 1100 },
    () => flood.call("query", ["RETURN sleep(200ms)"]),
  );
  const refused = (await Promise.all(slow)).filter(({ error }) =>
    error?.kind === "NotAllowed"
  );
  assert.equal(refused.length, 1100 - 1024);
});

Deno.test("gateway() drops who does not speak the protocol", async () => {
  const { id } = await newWorker();
  const messages: (Uint8Array<ArrayBuffer> | string)[] = [
    "{}",
    new Uint8Array([0xff, 0xff, 0xff]),
    new Uint8Array(1000).fill(0x9f),
    codec.encode([1, 2]).slice(),
    codec.encode({ id: "1", method: 5 }).slice(),
    codec.encode({ method: "query", params: ["RETURN 1"] }).slice(),
    codec.encode({ id: "1", method: "query", params: [], session: "root" })
      .slice(),
  ];
  for (const message of messages) {
    const client = await signedIn(id);
    client.sendBytes(message);
    const { code } = await client.closed;
    assert.ok(code === 1003 || code === 1008, String(message));
  }
});

Deno.test("gateway() survives any bytes", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 1, maxLength: 64 }),
      async (bytes) => {
        const client = await RawClient.open(at.url);
        client.sendBytes(bytes.slice());
        await client.closed;
      },
    ),
    { numRuns: 30 },
  );
});

Deno.test("gateway() serves the stock SDK unchanged", async () => {
  const { id } = await newWorker();
  const db = new Surreal();
  await db.connect(at.url, {
    namespace: "skymap",
    database: "system",
    authentication: () => at.token(id),
  });
  const [rows] = await db.query<[{ id: RecordId }[]]>("SELECT * FROM action");
  assert.equal(rows.length, 1);
  assert.deepEqual(await db.select(new RecordId("action", `${id}-1`)), rows[0]);
  const live = await db.live(new (await import("surrealdb")).Table("action"));
  const seen: string[] = [];
  live.subscribe((message) => seen.push(message.action));
  await addAction(id, "2");
  await until(() => seen.length === 1);
  await live.kill();
  const session = await db.forkSession();
  assert.equal(
    (await session.query<[unknown[]]>("SELECT * FROM task"))[0].length,
    1,
  );
  await assert.rejects(db.use({ database: "graph_main" }), /open here/);
  await assert.rejects(db.beginTransaction(), /not served/);
  await db.close();
});

Deno.test("a worker may have any name that a token may carry", async () => {
  for (const id of ["a b", "host.example.com", "we`ird\\", "⟨x⟩", "w:1", "ü"]) {
    await at.addWorker(id);
    await addAction(id, "1");
    await using db: DbSession = await at.connect(id);
    const [rows] = await db.query<[unknown[]]>("SELECT * FROM action");
    assert.equal(rows.length, 1, id);
  }
  assert.notEqual(
    await createToken(at.key, { subject: "a", role: "worker" }),
    "",
  );
});
