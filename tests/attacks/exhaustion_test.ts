import { match, ok, strictEqual } from "node:assert/strict";
import { PluginHost } from "../../worker/plugin/host.ts";
import { findInstallation } from "../../worker/plugin/source.ts";
import { sha256Of } from "@skymap/lib/plugin_host";
import type { ProcessLimits } from "../../worker/plugin/process.ts";
import { attackTest, collect, command, evilModule, NEVER } from "./_attack.ts";

const SOON: Partial<ProcessLimits> = { timeoutMs: 500 };
const TIMEOUT = /took longer than 0\.5 s/;

/** Ways never to end, or to take all there is; and what is told. */
const HUNGRY: readonly (readonly [
  name: string,
  code: string,
  reason: RegExp,
  limits?: Partial<ProcessLimits>,
])[] = [
  ["loops", `for (;;);`, TIMEOUT, SOON],
  [
    "loops in microtasks",
    `const again = () => { queueMicrotask(again); }; again(); await new Promise(() => {});`,
    TIMEOUT,
    SOON,
  ],
  [
    "loops in timers",
    `await new Promise(() => setInterval(() => {}, 0));`,
    TIMEOUT,
    SOON,
  ],
  ["waits for what never comes", `await new Promise(() => {});`, TIMEOUT, SOON],
  [
    "waits for a lock that nobody opens",
    `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);`,
    TIMEOUT,
    SOON,
  ],
  [
    "matches a pattern that takes for ever",
    `/^(a+)+$/.test("a".repeat(40) + "b");`,
    TIMEOUT,
    SOON,
  ],
  [
    "sorts with an order that never ends",
    `[3, 2, 1].sort(() => { for (;;); });`,
    TIMEOUT,
    SOON,
  ],
  [
    "is asleep for a thousand years",
    `await new Promise((resolve) => setTimeout(resolve, 2 ** 31 - 1));`,
    TIMEOUT,
    SOON,
  ],
  [
    "fills the heap",
    `const all = []; for (;;) all.push({ n: all.length, of: [all.length] });`,
    /used more than 64 MB of JavaScript heap/,
  ],
  [
    "fills the heap with one text",
    `let text = "x"; for (const all = [];;) all.push((text += text).slice(0, 5e6) + all.length);`,
    /used more than \d+ MB|string length|heap/,
  ],
  [
    "fills the memory with buffers",
    `const all = []; for (;;) all.push(new Uint8Array(8_000_000).fill(1));`,
    /used more than 300 MB of memory/,
  ],
  [
    "fills the memory with buffers without yielding to its watchdog",
    `const all = []; for (;;) { all.push(new Uint8Array(100_000).fill(1)); Date.now(); }`,
    /used more than 300 MB of memory/,
  ],
  [
    "fills the memory with shared buffers",
    `const all = []; for (;;) all.push(new Uint8Array(new SharedArrayBuffer(8e6)).fill(1));`,
    /used more than 300 MB of memory/,
  ],
  [
    "fills the memory of WebAssembly",
    `const memory = new WebAssembly.Memory({ initial: 1, maximum: 65_536 });
    for (;;) { memory.grow(100); new Uint8Array(memory.buffer).fill(1); }`,
    /used more than 300 MB of memory/,
  ],
  [
    "fills the memory with what is to be sent",
    `for (;;) write("x".repeat(900_000));`,
    /used more than \d+ MB|longer than 0\.5 s/,
    SOON,
  ],
  [
    "fills the memory with blobs",
    `const all = []; for (;;) all.push(new Blob([new Uint8Array(8e6).fill(1)]));`,
    /used more than \d+ MB/,
  ],
  [
    "wants a larger heap than it has",
    `const { setFlagsFromString } = await import("node:v8");
    setFlagsFromString("--max-old-space-size=8000");
    const all = []; for (;;) all.push({ n: all.length, of: [all.length] });`,
    /used more than 64 MB of JavaScript heap/,
  ],
  [
    "calls itself without an end",
    `const deeper = () => deeper() + 1; deeper();`,
    /Maximum call stack size exceeded/,
  ],
  [
    "expands a small file to a large one",
    `const zeros = new Uint8Array(50_000_000);
    const { brotliCompressSync, brotliDecompressSync, constants } = await import("node:zlib");
    const small = brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } });
    const all = []; for (;;) all.push(brotliDecompressSync(small).fill(1));`,
    /used more than \d+ MB/,
  ],
];

for (const [name, code, reason, limits = {}] of HUNGRY) {
  attackTest(name, async () => {
    const started = performance.now();
    const { failure } = await command(code, { limits });
    ok(
      ["plugin_timeout", "plugin_crashed", "task_failed"]
        .includes(failure?.code ?? ""),
      failure?.message,
    );
    match(failure?.message ?? "", reason);
    ok(performance.now() - started < 20_000);
  });
}

attackTest("floods its standard output with good messages", async () => {
  const before = Deno.memoryUsage().rss;
  const { outcome, failure } = await collect(
    `const text = '{"type":"progress","path":[],"current":1,"total":2}\\n'.repeat(1_000);
    for (;;) say(text);`,
    { limits: { timeoutMs: 3_000 } },
  );
  // What is written past the runner may fall between its own lines.
  ok(["plugin_timeout", "plugin_invalid"].includes(failure?.code ?? ""));
  strictEqual(outcome.nodes, 2);
  ok(Deno.memoryUsage().rss - before < 1_000_000_000);
});

attackTest("floods its standard error", async () => {
  const before = Deno.memoryUsage().rss;
  const { failure, printed } = await command(
    `const bytes = new TextEncoder().encode("noise ".repeat(10_000) + "\\n");
    for (;;) Deno.stderr.writeSync(bytes);`,
    { limits: SOON },
  );
  strictEqual(failure?.code, "plugin_timeout");
  ok(printed.length <= 16_384, `${printed.length}`);
  ok(Deno.memoryUsage().rss - before < 300_000_000);
});

attackTest(
  "floods its standard error with accesses that it made up",
  async () => {
    const before = Deno.memoryUsage().rss;
    const { failure, accesses } = await command(
      `const encoder = new TextEncoder();
    for (let n = 0;; n += 100) {
      let text = "";
      for (let at = n; at < n + 100; at++) {
        for (const [name, value] of [["p" + at, "x"], ["net", "http://h" + at + "/"], ["read", "/" + at + "\\u001b[2J"]]) {
          text += '{"v":1,"datetime":"x","permission":"' + name + '","value":"' + value + '"}\\n';
        }
      }
      Deno.stderr.writeSync(encoder.encode(text));
    }`,
      { limits: { timeoutMs: 2_000 } },
    );
    strictEqual(failure?.code, "plugin_timeout");
    ok(
      accesses.length > 200 && accesses.length <= 20 + 2 * 200,
      `${accesses.length}`,
    );
    ok(
      accesses.every(({ value, allowed }) =>
        !allowed && !value.includes("\u001b")
      ),
    );
    ok(Deno.memoryUsage().rss - before < 300_000_000);
  },
);

attackTest("prints one line without an end on standard error", async () => {
  const before = Deno.memoryUsage().rss;
  const { failure, printed } = await command(
    `const bytes = new TextEncoder().encode("x".repeat(100_000));
    for (;;) Deno.stderr.writeSync(bytes);`,
    { limits: SOON },
  );
  strictEqual(failure?.code, "plugin_timeout");
  ok(printed.length <= 16_384, `${printed.length}`);
  ok(Deno.memoryUsage().rss - before < 300_000_000);
});

attackTest("writes one line without an end", async () => {
  const { failure } = await collect(
    `const bytes = new TextEncoder().encode("x".repeat(100_000));
    for (;;) Deno.stdout.writeSync(bytes);`,
  );
  strictEqual(failure?.code, "plugin_invalid");
  match(failure?.message ?? "", /a line of more than 1000000 characters/);
});

attackTest("never reads what it is told", async () => {
  const { failure } = await command(`for (;;);`, {
    limits: SOON,
    config: { much: "x".repeat(5_000_000) },
    head: `const { length } = (await new Promise((resolve) => resolve("")));
    for (;;) { if (length === 1) break; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); }`,
  });
  strictEqual(failure?.code, "plugin_timeout");
});

attackTest(
  "reads its input in the place of the runner, and closes it",
  async () => {
    const { failure } = await command(
      `Deno.stdin.close();
    await new Promise(() => setInterval(() => {}, 1_000));`,
      { limits: SOON },
    );
    ok(["plugin_timeout", "plugin_crashed"].includes(failure?.code ?? ""));
  },
);

attackTest("closes its output and goes on", async () => {
  const { failure } = await command(
    `Deno.stdout.close();
    await new Promise(() => setInterval(() => {}, 1_000));`,
    { limits: SOON },
  );
  strictEqual(failure?.code, "plugin_timeout");
});

attackTest("lists more accounts than the worker can hold", async () => {
  const text = evilModule({}).replace(
    'accounts: () => ({ accounts: [{ id: "1" }] })',
    `accounts: () => { say('{"type":"account_list","list":{"accounts":['); for (;;) say('{"id":"1"},'); }`,
  );
  const host = new PluginHost({
    source: { spec: "evil@1.0.0", sha256: await sha256Of(text), text },
    installation: await findInstallation(),
    approved: {},
    deno: Deno.execPath(),
    env: () => undefined,
    limits: {
      timeoutMs: 20_000,
      maxHeapMb: 64,
      maxMemoryMb: 300,
      maxLineChars: 1_000_000,
    },
  });
  const error = await host.accounts({}, NEVER).then(
    () => undefined,
    (error) => error,
  );
  strictEqual(error?.code, "plugin_invalid");
  match(error.message, /a line of more than 1000000 characters/);
});

for (
  const [name, head] of [
    [
      "waits for ever while it is imported",
      `await new Promise(() => setInterval(() => {}, 1_000));`,
    ],
    ["loops while it is imported", `for (;;);`],
    ["fails while it is imported", `throw new Error("not today");`],
    ["exits while it is imported", `Deno.exit(0);`],
  ] as const
) {
  attackTest(`${name}, to be described`, async () => {
    const text = evilModule({ head });
    const host = new PluginHost({
      source: { spec: "evil@1.0.0", sha256: await sha256Of(text), text },
      installation: await findInstallation(),
      approved: {},
      deno: Deno.execPath(),
      env: () => undefined,
      describeTimeoutMs: 1_000,
      limits: {
        timeoutMs: 20_000,
        maxHeapMb: 64,
        maxMemoryMb: 300,
        maxLineChars: 1_000_000,
      },
    });
    const error = await host.describe(NEVER).then(
      () => undefined,
      (error) => error,
    );
    match(
      `${error?.code}: ${error?.message}`,
      /plugin_timeout: .*longer than 1 s|plugin_invalid: .*not today|plugin_crashed: .*exit code 0 before/,
    );
  });
}
