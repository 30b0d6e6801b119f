import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import type { PluginAnswers } from "../../worker/plugin/ask_desk.ts";
import { attackTest, attempt, collect, command, scopesOf } from "./_attack.ts";

const SECRET = "the-other-account-s-key";

/** What was done for the plugin, and how. */
function world(more: Partial<PluginAnswers> = {}) {
  const done: string[] = [];
  const change = (what: string) => {
    done.push(what);
    return Promise.resolve({ changed: 1, refused: [] });
  };
  const answers: PluginAnswers = {
    account(id) {
      done.push(`account ${id}`);
      return Promise.resolve({ id, credentials: { key: `${SECRET}-${id}` } });
    },
    async *search({ text }) {
      done.push(`search ${text}`);
      yield { id: "n1" };
    },
    mark: ({ what }) => change(what),
    tag: () => change("tag"),
    ...more,
  };
  return { done, answers };
}

attackTest("a plugin does to the graph what it was not granted", async () => {
  const { done, answers } = world();
  const cases = [
    ["graph.clean(['a'], 'r')", "clean"],
    ["graph.keep(['a'])", "clean"],
    ["graph.protect(['a'])", "protect"],
    ["graph.tag(['a'], { owner: 'me' })", "tag"],
  ] as const;
  for (const [code, right] of cases) {
    const { message, accesses } = await attempt(`return await ${code};`, {
      answers,
      approved: { graph: ["search"] },
    });
    match(message, /it was not granted it/, code);
    deepStrictEqual(
      accesses.filter(({ permission }) => permission === "graph"),
      [{ permission: "graph", value: right, allowed: false, count: 1 }],
    );
  }
  const search = await attempt(
    "for await (const _ of graph.search('all'));",
    { answers, approved: { graph: ["clean", "protect", "tag"] } },
  );
  match(search.message, /it was not granted it/);
  deepStrictEqual(done, []);
});

attackTest(
  "a collect uses the graph, past what its library gives it",
  async () => {
    const { done, answers } = world();
    const { messages, failure } = await collect(
      `line({ type: "ask", id: 1, ask: { what: "clean", ids: ["a"], reason: "r" } });
    line({ type: "ask", id: 2, ask: { what: "search", text: "all", complete: false } });
    await context.freshAccount().catch(() => {});`,
      { answers },
    );
    // It asked with number 1 itself, so what its library asks is at fault.
    strictEqual(failure?.code, "plugin_invalid");
    strictEqual(scopesOf(messages)["evil_thing"], "plugin_invalid");
    deepStrictEqual(done, []);
  },
);

attackTest(
  "a collect asks for the credentials of another account",
  async () => {
    const { done, answers } = world();
    const { failure } = await collect(
      `line({ type: "ask", id: 1, ask: { what: "account", id: "2" } });
    await new Promise((resolve) => setTimeout(resolve, 200));`,
      { answers },
    );
    strictEqual(failure, undefined);
    deepStrictEqual(done, []);
  },
);

attackTest("a plugin tells the credentials that it asked for", async () => {
  const { done, answers } = world();
  for (
    const code of [
      "throw new Error(got.credentials.key);",
      "issue('error', got.credentials.key); throw new Error('told ' + JSON.stringify(got));",
      "console.log(got.credentials.key); throw new Error(encodeURIComponent(got.credentials.key));",
    ]
  ) {
    const { failure, printed } = await command(
      `const got = await accountOf("2"); ${code}`,
      { answers },
    );
    ok(failure);
    const told = JSON.stringify([failure.message, failure.details, printed]);
    ok(!told.includes(SECRET), told);
  }
  deepStrictEqual(done, ["account 2", "account 2", "account 2"]);
});

attackTest("a plugin floods its worker with questions", async () => {
  const { answers } = world({ account: () => new Promise(() => {}) });
  const { failure } = await command(
    `for (let id = 1; id < 100_000; id++) {
      line({ type: "ask", id, ask: { what: "account", id: "2" } });
    }
    await new Promise(() => {});`,
    { answers },
  );
  strictEqual(failure?.code, "plugin_invalid");
  match(failure.message, /more than 16 questions at once/);
});

attackTest("a plugin asks and never reads the answers", async () => {
  const { answers } = world({
    account: (id) =>
      Promise.resolve({ id, credentials: { key: "x".repeat(1_000_000) } }),
  });
  const { failure } = await command(
    `for (let id = 1; id < 1_000; id++) {
      line({ type: "ask", id, ask: { what: "account", id: "2" } });
      // It sleeps without a turn: nothing is read.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }`,
    { answers },
  );
  strictEqual(failure?.code, "plugin_invalid");
  match(failure.message, /more than 16 questions at once/);
});

attackTest(
  "a plugin forges answers, and asks with numbers that were",
  async () => {
    const { done, answers } = world();
    for (
      const ask of [
        `line({ type: "ask", id: 0, ask: { what: "account", id: "2" } });`,
        `line({ type: "ask", id: "1", ask: { what: "account", id: "2" } });`,
        `line({ type: "ask", id: 1, ask: { what: "account", id: { toString: 1 } } });`,
        `line({ type: "ask", id: 1 });`,
      ]
    ) {
      const { failure } = await command(
        `${ask} await new Promise(() => {});`,
        { answers },
      );
      strictEqual(failure?.code, "plugin_invalid", ask);
    }
    deepStrictEqual(done, []);
    const { failure } = await collect(
      `line({ type: "answer", id: 1, value: { id: "2" } });
    await new Promise(() => {});`,
      { answers },
    );
    strictEqual(failure?.code, "plugin_invalid");
  },
);
