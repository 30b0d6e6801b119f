import {
  deepStrictEqual,
  match,
  ok,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/json";
import type { GraphRight } from "@skymap/lib/plugin";
import {
  MAX_ASKS,
  type PluginAsk,
  type PluginRequest,
  type WorkerAnswer,
} from "@skymap/lib/plugin_host";
import { AskDesk, type PluginAnswers } from "./ask_desk.ts";

const COMMAND: PluginRequest = {
  type: "command",
  name: "look",
  config: {},
  args: [],
  input: [],
};
const COLLECT: PluginRequest = {
  type: "collect",
  config: {},
  account: { id: "1" },
};

/** What of an answer is looked at. */
type Told = WorkerAnswer & {
  readonly value?: JsonObject;
  readonly error?: { readonly code: string; readonly message: string };
};

/** A desk, what it did and what it answered. */
class World {
  readonly done: string[] = [];
  readonly learnt: unknown[] = [];
  readonly told = new Map<number, Told>();
  /** Whether the process takes what it is answered. */
  takes = true;
  nodes = 0;
  ended = 0;
  readonly desk: AskDesk;
  #next = Promise.withResolvers<void>();

  constructor(
    rights: readonly GraphRight[] = [],
    request: PluginRequest = COMMAND,
    answers: Partial<PluginAnswers> = {},
  ) {
    const change = (what: string) => {
      this.done.push(what);
      return Promise.resolve({ changed: 1, refused: [] });
    };
    this.desk = new AskDesk({
      plugin: "garden",
      request,
      rights,
      answers: {
        account: (id) => {
          this.done.push(`account ${id}`);
          return Promise.resolve({ id, credentials: { key: `key of ${id}` } });
        },
        search: ({ text }) => this.#search(text),
        mark: ({ what, ids }) => change(`${what} ${ids}`),
        tag: ({ ids, wait }) => change(`tag ${ids} ${wait}`),
        ...answers,
      },
      send: (answer) => {
        this.told.set(answer.id, answer as Told);
        this.#next.resolve();
        this.#next = Promise.withResolvers();
        return this.takes ? Promise.resolve() : new Promise(() => {});
      },
      learn: (credentials) => this.learnt.push(credentials),
    });
  }

  async *#search(text: string): AsyncGenerator<JsonObject> {
    this.done.push(`search ${text}`);
    try {
      for (let at = 0; at < this.nodes; at++) yield { id: String(at) };
    } finally {
      this.ended++;
    }
  }

  /** Asks, and waits for the answer. */
  async ask(id: number, ask: PluginAsk): Promise<Told> {
    this.desk.take({ type: "ask", id, ask });
    for (;;) {
      const told = this.told.get(id);
      if (told !== undefined) return told;
      await this.#next.promise;
    }
  }
}

/** A question for each right. */
const ASKS: Readonly<Record<GraphRight, PluginAsk>> = {
  search: { what: "search", text: "all", complete: false },
  clean: { what: "clean", ids: ["a"], reason: "unused" },
  protect: { what: "protect", ids: ["a"] },
  tag: { what: "tag", ids: ["a"], update: { owner: "me" } },
};

Deno.test("AskDesk does what was granted, refuses the rest, and counts both", async () => {
  const names = Object.keys(ASKS) as GraphRight[];
  for (const granted of names) {
    const world = new World([granted]);
    for (const [at, right] of names.entries()) {
      const { value, error } = await world.ask(at + 1, ASKS[right]);
      strictEqual(value !== undefined, right === granted, right);
      if (right !== granted) strictEqual(error?.code, "permission_denied");
    }
    strictEqual(world.done.length, 1);
    deepStrictEqual(
      world.desk.accesses,
      names.map((value) => ({
        permission: "graph",
        value,
        allowed: value === granted,
        count: 1,
      })),
    );
  }
});

Deno.test("AskDesk takes marks away for who may set them", async () => {
  const world = new World(["clean"]);
  ok((await world.ask(1, { what: "keep", ids: ["a"] })).value);
  deepStrictEqual(world.done, ["keep a"]);
});

Deno.test("AskDesk gives a collect its own account and no other", async () => {
  const world = new World(["search"], COLLECT);
  const own = await world.ask(1, { what: "account", id: "1" });
  deepStrictEqual(own.value, { id: "1", credentials: { key: "key of 1" } });
  deepStrictEqual(world.learnt, [{ key: "key of 1" }]);
  const other = await world.ask(2, { what: "account", id: "2" });
  match(other.error?.message ?? "", /"2" is not the one that is collected/);
  deepStrictEqual(world.done, ["account 1"]);
});

Deno.test("AskDesk answers nothing to what describes itself or lists accounts", async () => {
  for (
    const request of [
      { type: "describe" },
      { type: "check", config: {} },
      { type: "accounts", config: {} },
    ] as const
  ) {
    const world = new World(["search"], request);
    const told = await world.ask(1, { what: "account", id: "1" });
    strictEqual(told.error?.code, "permission_denied");
    strictEqual((await world.ask(2, ASKS.search)).value, undefined);
    deepStrictEqual(world.done, []);
  }
});

Deno.test("AskDesk gives a search page by page", async () => {
  const world = new World(["search"]);
  world.nodes = 1_201;
  const pages = [
    await world.ask(3, ASKS.search),
    await world.ask(4, { what: "next", search: 3 }),
    await world.ask(5, { what: "next", search: 3 }),
  ].map(({ value }) => {
    const nodes = (value?.["nodes"] ?? []) as JsonObject[];
    return [nodes[0]?.["id"], nodes.length, value?.["more"]];
  });
  deepStrictEqual(pages, [
    ["0", 500, true],
    ["500", 500, true],
    ["1000", 201, false],
  ]);
  const over = await world.ask(6, { what: "next", search: 3 });
  match(over.error?.message ?? "", /search 3: it is not open/);
  // What fits is whole at once.
  world.nodes = 500;
  strictEqual((await world.ask(7, ASKS.search)).value?.["more"], false);
});

Deno.test("AskDesk goes on with the searches of its own process alone", async () => {
  const one = new World(["search"]);
  const other = new World(["search"]);
  one.nodes = 600;
  await one.ask(1, ASKS.search);
  const told = await other.ask(1, { what: "next", search: 1 });
  match(told.error?.message ?? "", /search 1: it is not open/);
});

Deno.test("AskDesk ends searches that are stopped, and all of them with the process", async () => {
  const world = new World(["search"]);
  world.nodes = 600;
  for (let id = 1; id <= 4; id++) await world.ask(id, ASKS.search);
  const many = await world.ask(5, ASKS.search);
  match(many.error?.message ?? "", /has 4 searches open already/);
  await world.ask(6, { what: "stop", search: 2 });
  strictEqual(world.ended, 1);
  ok((await world.ask(7, ASKS.search)).value);
  await world.desk[Symbol.asyncDispose]();
  strictEqual(world.ended, 5);
});

Deno.test("AskDesk tells a failure with its code, and ends the search that failed", async () => {
  const world = new World(["search"], COMMAND, {
    // deno-lint-ignore require-yield -- it fails before its first node
    async *search() {
      throw Object.assign(new Error("too large"), { code: "query_too_large" });
    },
  });
  for (let id = 1; id <= 6; id++) {
    const { error } = await world.ask(id, ASKS.search);
    deepStrictEqual(error, { code: "query_too_large", message: "too large" });
  }
});

Deno.test("AskDesk lets no more wait than was agreed, also when answers are not taken", async () => {
  const waiting = new World([], COMMAND, {
    account: () => new Promise(() => {}),
  });
  const deaf = new World();
  deaf.takes = false;
  for (const { desk } of [waiting, deaf]) {
    for (let id = 1; id <= MAX_ASKS; id++) {
      desk.take({ type: "ask", id, ask: { what: "account", id: "1" } });
      await Promise.resolve();
    }
    throws(
      () =>
        desk.take({
          type: "ask",
          id: MAX_ASKS + 1,
          ask: { what: "account", id: "1" },
        }),
      { code: "plugin_invalid", message: /more than 16 questions at once/ },
    );
  }
  await waiting.desk[Symbol.asyncDispose]();
});

Deno.test("AskDesk faults who asks with a number that was, or what is no question", async () => {
  const world = new World(["search", "clean", "tag"]);
  await world.ask(5, ASKS.search);
  for (const id of [5, 4, 0, -1, 6.5, "7", null, undefined]) {
    throws(
      () => world.desk.take({ type: "ask", id, ask: ASKS.search }),
      { code: "plugin_invalid", message: /number is not above 5/ },
      String(id),
    );
  }
  const ids = Array.from({ length: 1_001 }, (_, at) => String(at));
  for (
    const ask of [
      undefined,
      null,
      "search",
      {},
      { what: "eat" },
      { what: "account" },
      { what: "account", id: "x".repeat(501) },
      { what: "search", text: "", complete: true },
      { what: "search", text: "x".repeat(100_001), complete: true },
      { what: "search", text: "all" },
      { what: "search", text: "all", complete: true, at: 7 },
      { what: "next", search: "1" },
      { what: "clean", ids: ["a"] },
      { what: "clean", ids, reason: "r" },
      { what: "clean", ids: [1], reason: "r" },
      { what: "clean", ids: ["a"], reason: "r".repeat(901) },
      { what: "keep", ids: "a" },
      { what: "tag", ids: ["a"], update: {} },
      { what: "tag", ids: ["a"], update: { a: 1 } },
    ]
  ) {
    throws(
      () => world.desk.take({ type: "ask", id: 6, ask }),
      { code: "plugin_invalid", message: /no question, or one that is too/ },
      JSON.stringify(ask)?.slice(0, 80),
    );
  }
});

Deno.test("AskDesk lets an action wait for tags, and no task", async () => {
  const action = { ...COMMAND, type: "action", data: {} } as PluginRequest;
  const { args: _, input: __, ...task } = COMMAND as PluginRequest & {
    type: "command";
  };
  for (
    const [request, wait] of [
      [action, true],
      [COMMAND, false],
      [{ ...task, type: "task", args: {} } as PluginRequest, false],
    ] as const
  ) {
    const world = new World(["tag"], request);
    await world.ask(1, ASKS.tag);
    deepStrictEqual(world.done, [`tag a ${wait}`]);
  }
});
