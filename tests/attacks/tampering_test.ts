import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { attackTest, attempt, collect, command, refused } from "./_attack.ts";

/** What a plugin puts in the place of what the runner stands on. */
const TAMPERING: readonly (readonly [name: string, code: string])[] = [
  [
    "JSON",
    `JSON.stringify = () => '{"type":"done"}'; JSON.parse = () => ({ type: "cancel" });`,
  ],
  [
    "promises",
    `Promise.prototype.then = function () { return this; }; globalThis.Promise = undefined;`,
  ],
  [
    "the writing of bytes",
    `Deno.stdout.write = () => Promise.resolve(0); Deno.stdout.writeSync = () => 0;`,
  ],
  [
    "the coding of text",
    `TextEncoder.prototype.encode = () => new Uint8Array([123, 10]); globalThis.TextDecoder = undefined;`,
  ],
  [
    "lists",
    `Array.prototype.push = () => 0; Array.prototype[Symbol.iterator] = function* () {};`,
  ],
  [
    "objects",
    `Object.defineProperty(Object.prototype, "type", { get: () => "done", set() {} });`,
  ],
  ["the console", `globalThis.console = undefined;`],
  [
    "timers",
    `globalThis.setTimeout = (run) => { run(); return 0; }; globalThis.clearTimeout = () => {};`,
  ],
  [
    "maps and sets",
    `Map.prototype.get = () => undefined; Set.prototype.has = () => true;`,
  ],
  [
    "typed arrays",
    `Uint8Array.prototype.subarray = function () { return this; };`,
  ],
  [
    "errors",
    `Error.prepareStackTrace = () => { throw 1; }; Object.defineProperty(Error.prototype, "message", { get: () => { throw 2; } });`,
  ],
  [
    "all that is global",
    `for (const name of Object.getOwnPropertyNames(globalThis)) { if (name !== "Deno") try { globalThis[name] = undefined; } catch { /* it stays */ } }`,
  ],
];

for (const [name, code] of TAMPERING) {
  attackTest(`tampers with ${name} before it collects`, async () => {
    const { messages, outcome } = await collect("", {
      head: `export const before = (() => { ${code} })();`,
      limits: { timeoutMs: 1_000 },
    });
    // It may break itself, or work as if nothing was; it says nothing for others.
    for (const each of messages) {
      ok(
        ["scope", "node", "account_failed", "issue", "progress"].includes(
          each.type,
        ),
        JSON.stringify(each),
      );
      if ("account" in each) strictEqual(each.account, "1");
      if ("cloud" in each) strictEqual(each.cloud, "evil");
    }
    ok(outcome.nodes <= 2);
  });

  attackTest(`tampers with ${name} while it collects`, async () => {
    const { messages, outcome } = await collect(code, {
      limits: { timeoutMs: 1_000 },
    });
    ok(outcome.nodes <= 2);
    for (const each of messages) {
      if ("cloud" in each) strictEqual(each.cloud, "evil");
    }
  });
}

attackTest("tampers with what tells of a refusal", async () => {
  const aftermath = await attempt(
    `Deno.stderr.writeSync = () => 0;
    Deno.stderr.write = () => Promise.resolve(0);
    Date.prototype.toISOString = () => "x";
    const { errors } = Deno;
    Deno.errors = {};
    const names = [];
    const tries = [
      () => new Worker("data:,1", { type: "module" }),
      () => caches.open("x"),
      () => Deno.readTextFileSync("/etc/passwd"),
      () => Deno.kill(Deno.ppid),
    ];
    for (const each of tries) {
      try { each(); } catch (error) { names.push(error instanceof errors.NotCapable); }
    }
    return names`,
  );
  strictEqual(aftermath.got, "true,true,true,true");
  for (const permission of ["worker", "storage", "read", "run"]) {
    refused(aftermath, permission);
  }
});

attackTest("closes the place that refusals are told at", async () => {
  const aftermath = await attempt(
    `Deno.stderr.close();
    try { Deno.readTextFileSync("/etc/passwd"); } catch { /* told */ }
    return "done"`,
  );
  strictEqual(aftermath.got, "done");
  refused(aftermath, "read", "/etc/passwd");
});

attackTest("takes back what was closed", async () => {
  const aftermath = await attempt(
    `const { Worker: Thread } = await import("node:worker_threads");
    const tries = {
      redefine: () => Object.defineProperty(globalThis, "Worker", { value: 1 }),
      remove: () => { if (!delete globalThis.Worker) throw new TypeError(); },
      base: () => Object.setPrototypeOf(Thread, EventTarget),
      thread: () => new Thread("1", { eval: true }),
      storage: () => Object.defineProperty(globalThis, "caches", { value: 1 }),
      method: () => Object.defineProperty(CacheStorage.prototype, "open", { value: 1 }),
      command: () => { Deno.Command = class {}; },
    };
    const got = [];
    for (const [name, each] of Object.entries(tries)) {
      try { each(); got.push(name); } catch { /* it is for good */ }
    }
    return got`,
  );
  strictEqual(aftermath.got, "");
});

attackTest("turns the clock", async () => {
  const { messages, outcome, failure } = await collect(
    `const far = new Date(0);
    globalThis.Date = class extends Date { constructor() { super(0); } static now() { return -1e15; } };
    performance.now = () => -1;
    Temporal.Now.instant = () => { throw new Error("no time"); };
    await found.node({ id: "old", reported: { ctime: far.toISOString() } });`,
  );
  strictEqual(failure, undefined);
  deepStrictEqual({ ...outcome, usage: undefined }, {
    nodes: 3,
    failedScopes: 0,
    forgedScopes: 0,
    usage: undefined,
  });
  ok(messages.every((each) => !("at" in each)));
});

attackTest("turns the clock so that its time never ends", async () => {
  const { failure } = await command(
    `Date.now = () => 0; performance.now = () => 0;
    globalThis.setTimeout = () => 0;
    AbortSignal.timeout = () => new AbortController().signal;
    for (;;);`,
    { limits: { timeoutMs: 1_000 } },
  );
  strictEqual(failure?.code, "plugin_timeout");
});

attackTest("ends the watchdog of its memory", async () => {
  const { failure } = await command(
    `const original = EventTarget.prototype.dispatchEvent;
    EventTarget.prototype.dispatchEvent = function (event) {
      this.terminate?.();
      return original.call(this, event);
    };
    MessagePort.prototype.postMessage = () => {};
    globalThis.setInterval = () => 0;
    Object.defineProperty(Deno, "memoryUsage", { value: () => ({ rss: 0 }) });
    try { process.getBuiltinModule("node:worker_threads").default?.Worker.prototype.terminate(); } catch { /* none */ }
    const all = []; for (;;) all.push(new Uint8Array(8_000_000).fill(1));`,
  );
  strictEqual(failure?.code, "plugin_crashed");
  match(failure.message, /used more than 300 MB of memory/);
});

attackTest("finds the inner functions of Deno", async () => {
  const { got } = await attempt(
    `return [
      typeof Deno[Deno.internal],
      typeof Deno[Symbol.for("Deno.internal")],
      Object.getOwnPropertySymbols(Deno).length,
      typeof Deno.core,
      typeof globalThis.__bootstrap,
      typeof Deno.openKv,
      typeof Deno.UnsafeWindowSurface,
      Object.keys(process.binding("fs") ?? {}).length,
    ]`,
  );
  strictEqual(
    got,
    "undefined,undefined,0,undefined,undefined,undefined,undefined,0",
  );
});

attackTest("meddles with the host's part of its own process", async () => {
  const { messages, outcome } = await collect(
    `const lib = await import("@skymap/lib/plugin");
    try { lib.definePlugin = () => {}; } catch { /* it is sealed */ }
    try { account.id = "2"; } catch { /* it is frozen */ }
    context.account.id = "2";
    await scope({ kind: "evil_last", region: "x" }, async () => {});`,
  );
  strictEqual(outcome.forgedScopes, 2);
  for (const each of messages) {
    if ("account" in each) strictEqual(each.account, "1");
  }
});
