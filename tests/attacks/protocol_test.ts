import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { attackTest, collect, command, scopesOf } from "./_attack.ts";

/** What is no message that a collect may hold, and what is told of it. */
const GARBAGE:
  readonly (readonly [name: string, code: string, reason: RegExp])[] = [
    [
      "writes words",
      `say("hello there\\n")`,
      /what is no message: "hello there"/,
    ],
    ["writes a number", `say("42\\n")`, /what is no message: "42"/],
    ["writes null", `say("null\\n")`, /what is no message: "null"/],
    ["writes a list", `say("[]\\n")`, /what is no message: "\[\]"/],
    ["writes an empty line", `say("\\n")`, /what is no message: ""/],
    [
      "writes bytes that are no text",
      `say(new Uint8Array([255, 254, 0, 193, 10]))`,
      /what is no message/,
    ],
    [
      "writes half a message",
      `say('{"type":"node","scope":\\n')`,
      /what is no message/,
    ],
    [
      "writes brackets without an end",
      `say("[".repeat(400_000) + "\\n")`,
      /what is no message/,
    ],
    [
      "writes a message without a type",
      `line({})`,
      /message of unknown type nothing/,
    ],
    [
      "names a type that every object has",
      `line({ type: "constructor" })`,
      /unknown type "constructor"/,
    ],
    [
      "names the type of prototypes",
      `say('{"type":"__proto__"}\\n')`,
      /unknown type "__proto__"/,
    ],
    [
      "gives a list as a type",
      `line({ type: ["node"] })`,
      /unknown type \["node"\]/,
    ],
    [
      "ends the merge in the worker's place",
      `line({ type: "end", collected: { cloud: "evil", account: "1" } })`,
      /message of unknown type "end"/,
    ],
    [
      "says which accounts there are, so that others are gone",
      `line({ type: "accounts", cloud: "aws", accounts: [] })`,
      /message of unknown type "accounts"/,
    ],
    [
      "fails the account of another cloud",
      `line({ type: "account_failed", cloud: "aws", account: "1", error: { code: "x", message: "y" } })`,
      /message of unknown type "account_failed"/,
    ],
    [
      "retires an account",
      `line({ type: "retire", cloud: "aws" })`,
      /unknown type "retire"/,
    ],
    [
      "changes the kinds",
      `line({ type: "model", kinds: [] })`,
      /unknown type "model"/,
    ],
    [
      "answers what was never asked",
      `line({ type: "manifest", manifest: {} })`,
      /unknown type "manifest"/,
    ],
    [
      "hands in a recording",
      `line({ type: "recorded", answer: {} })`,
      /unknown type "recorded"/,
    ],
    [
      "writes into a scope that is not open",
      `line({ type: "node", scope: 99, id: "x", reported: {} })`,
      /a node into scope 99, which is not open/,
    ],
    [
      "writes into a scope that is closed",
      `line({ type: "node", scope: 1, id: "x", reported: {} })`,
      /a node into scope 1, which is not open/,
    ],
    [
      "closes a scope that is not open",
      `line({ type: "scope", scope: 77, state: "complete" })`,
      /closed scope 77, which is not open/,
    ],
    [
      "opens a scope again, so that it is emptied",
      `line({ type: "scope", scope: 1, state: "open", cloud: "evil", account: "1", region: "", kind: "evil_account" })`,
      /opened scope 1 after 2/,
    ],
    [
      "numbers a scope beyond what numbers can",
      `line({ type: "scope", scope: 1e300, state: "open", cloud: "evil", account: "1", region: "", kind: "evil_last" })`,
      /scope without a number/,
    ],
    [
      "closes a scope without saying how",
      `line({ type: "scope", scope: 2, state: "failed" })`,
      /without saying how/,
    ],
    [
      "says that it is done while a scope is open",
      `line({ type: "done" }); await new Promise(() => {});`,
      /ended without closing scope 2/,
    ],
    [
      "fails with an error that is none",
      `line({ type: "error", phase: "__proto__", error: { message: { toString: 1 } } })`,
      /Cannot run plugin "evil@1.0.0"/,
    ],
  ];

for (const [name, code, reason] of GARBAGE) {
  attackTest(name, async () => {
    const { messages, outcome, failure } = await collect(code);
    ok(
      ["plugin_invalid", "collect_failed"].includes(failure?.code ?? ""),
      `${failure?.code}: ${failure?.message}`,
    );
    match(failure?.message ?? "", reason);
    // What was complete before stays so; what was open is failed, not emptied.
    deepStrictEqual(scopesOf(messages), {
      evil_account: "complete",
      evil_thing: failure?.code,
    });
    strictEqual(outcome.nodes, 2);
    strictEqual(outcome.failedScopes, 1);
    const last = messages.at(-1);
    ok(last?.type === "account_failed" && last.cloud === "evil");
  });
}

/** Scopes that are not its own. */
const FORGED: readonly (readonly [
  name: string,
  key: Readonly<Record<string, unknown>>,
])[] = [
  ["of another account", { account: "2" }],
  ["of another cloud", { cloud: "aws" }],
  ["of another plugin's kind", { kind: "aws_ec2_instance" }],
  ["of a kind that it did not declare", { kind: "evil_more" }],
  ["of a kind that every object has", { kind: "constructor" }],
  ["of its account in other letters", { account: "1 " }],
  ["of an account that is a number", { account: 1 }],
  ["of an account that is a list", { account: ["1"] }],
  ["of core's own", { cloud: "", account: "", kind: "" }],
];

for (const [name, key] of FORGED) {
  attackTest(`lists a scope ${name}`, async () => {
    const forged = {
      type: "scope",
      scope: 7,
      state: "open",
      cloud: "evil",
      account: "1",
      region: "",
      kind: "evil_last",
      ...key,
    };
    const { messages, outcome, failure } = await collect(
      `line(${JSON.stringify(forged)});
      line({ type: "node", scope: 7, id: "forged", reported: {} });
      line({ type: "edge", scope: 7, from: "a", to: "b" });
      line({ type: "scope", scope: 7, state: "complete" });`,
    );
    strictEqual(outcome.forgedScopes, 1, failure?.message);
    ok(!messages.some((each) => "scope" in each && each.scope === 7));
    const issue = messages.find((each) => each.type === "issue");
    ok(issue?.type === "issue" && issue.level === "error");
    match(issue.message, /tried to list what is not its own/);
  });
}

attackTest("goes on writing after it said that it is done", async () => {
  const { messages, outcome, failure } = await collect(
    `line({ type: "scope", scope: 2, state: "complete" });
    line({ type: "done" });
    line({ type: "scope", scope: 8, state: "open", cloud: "evil", account: "1", region: "", kind: "evil_last" });
    line({ type: "scope", scope: 8, state: "complete" });
    for (;;) say("garbage\\n");`,
  );
  strictEqual(failure, undefined);
  deepStrictEqual({ ...outcome, usage: undefined }, {
    nodes: 2,
    failedScopes: 0,
    forgedScopes: 0,
    usage: undefined,
  });
  ok(!messages.some((each) => "scope" in each && each.scope === 8));
});

attackTest("pollutes prototypes through what it reports", async () => {
  const { messages, outcome, failure } = await collect(
    `say('{"type":"node","scope":2,"id":"__proto__","__proto__":{"polluted":1},' +
      '"reported":{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}}\\n');
    say('{"__proto__":{"type":"end"},"type":"progress","path":["__proto__"],"current":1,"total":1}\\n');
    issue("info", "x", JSON.parse('{"__proto__":{"polluted":1}}'));`,
    { config: JSON.parse('{"__proto__":{"polluted":1},"constructor":1}') },
  );
  strictEqual(failure, undefined);
  strictEqual(outcome.nodes, 3);
  for (const each of [{}, [], () => {}, messages]) {
    strictEqual((each as { readonly polluted?: unknown }).polluted, undefined);
  }
});

attackTest("prints values that are not what they say", async () => {
  const { values, failure } = await command(
    `line({ type: "output" });
    say('{"type":"output","value":{"__proto__":{"polluted":1},"toString":1}}\\n');
    line({ type: "result", value: 1, __proto__: null });
    line({ type: "node", scope: 1, id: "x", reported: {} });`,
  );
  strictEqual(failure, undefined);
  strictEqual(values[0], null);
  strictEqual(values.length, 3);
  strictEqual(({} as { readonly polluted?: unknown }).polluted, undefined);
});

attackTest(
  "splits a line by characters that others take for ends",
  async () => {
    const { messages, outcome, failure } = await collect(
      `const ends = ["\\r", "\\u2028", "\\u2029", "\\u0085", "\\u000b", "\\u000c"];
    for (const [at, end] of ends.entries()) {
      await found.node({ id: "n" + at, reported: { text: end + '{"type":"end"}' + end } });
      say('{"type":"progress","path":["x' + (end === "\\r" ? "" : end) + '"],"current":1,"total":1}' + (end === "\\r" ? "\\r\\n" : "\\n"));
    }`,
    );
    // The control characters are no JSON when they stand there bare.
    match(failure?.message ?? "", /what is no message/);
    ok(!messages.some(({ type }) => (type as string) === "end"));
    ok(outcome.nodes <= 8);
  },
);

/** Texts that a database or a terminal may not like. */
const PLACES: readonly (readonly [name: string, text: string])[] = [
  ["that is very long", `"r".repeat(100_000)`],
  ["with the character 0", `"eu\\u0000west"`],
  ["with half a character", `"eu\\ud800west"`],
  ["with a new line", `"eu\\nwest"`],
  ["with a terminal's escapes", `"\\u001b[2Jeu"`],
];

for (const [name, text] of PLACES) {
  attackTest(`opens a scope in a region ${name}`, async () => {
    const { messages, failure } = await collect(
      `await scope({ kind: "evil_last", region: ${text} }, async () => {});`,
    );
    strictEqual(failure?.code, "plugin_invalid");
    match(failure.message, /region/);
    ok(failure.message.length < 1_000);
    deepStrictEqual(scopesOf(messages), {
      evil_account: "complete",
      evil_thing: "plugin_invalid",
    });
  });
}

attackTest("gives names of regions that are no names", async () => {
  const { failure } = await collect(
    `await scope({ kind: "evil_last", region: "eu", regionName: 7 }, async () => {});`,
  );
  strictEqual(failure?.code, "plugin_invalid");
  match(failure.message, /opened scope 3 with the name 7/);
  const { messages } = await collect(
    `await scope({ kind: "evil_last", region: "eu", regionName: "\\u0000\\n" + "x".repeat(100_000) }, async () => {});`,
  );
  const opened = messages.find((each) =>
    each.type === "scope" && each.state === "open" && each.region === "eu"
  );
  ok(opened?.type === "scope" && opened.state === "open");
  match(opened.region_name ?? "", /^\ufffd\ufffdx{497}…$/);
});

attackTest("fails a scope with a reason that fills the ledger", async () => {
  const { messages } = await collect(
    `line({ type: "scope", scope: 2, state: "failed", error: {
      code: "c".repeat(300_000), message: "m".repeat(300_000), permission: "p".repeat(300_000) } });
    await new Promise(() => setTimeout(() => Deno.exit(0), 20));`,
  );
  const failed = messages.find((each) =>
    each.type === "scope" && each.state === "failed"
  );
  ok(failed);
  ok(JSON.stringify(failed).length < 6_000, `${JSON.stringify(failed).length}`);
});

attackTest("tells the operator more than anybody reads", async () => {
  const { messages, outcome } = await collect(
    `for (let n = 0; n < 5_000; n++) issue("error", "x".repeat(500), { n });
    issue("error", "y".repeat(900_000));`,
  );
  const issues = messages.filter(({ type }) => type === "issue");
  ok(issues.length === 200, `${issues.length}`);
  ok(issues.every((each) => JSON.stringify(each).length < 20_000));
  strictEqual(outcome.failedScopes, 0);
});
