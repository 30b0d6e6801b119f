import { match, ok, strictEqual } from "node:assert/strict";
import {
  attackTest,
  attempt,
  collect,
  command,
  refused,
  scopesOf,
} from "./_attack.ts";

/** Ways to another process or to code outside of JavaScript. */
const STARTS: readonly (readonly [
  name: string,
  code: string,
  permission: string,
])[] = [
  [
    "runs a program",
    `return await new Deno.Command("/bin/true").output()`,
    "run",
  ],
  [
    "runs a program with node:child_process",
    `return (await import("node:child_process")).spawnSync("/bin/true").status`,
    "run|env",
  ],
  [
    "runs a line of a shell",
    `return (await import("node:child_process")).execSync("id").toString()`,
    "run|env",
  ],
  [
    "forks itself",
    `return (await import("node:child_process")).fork("/tmp/x.js")`,
    "run|env",
  ],
  [
    "makes a cluster",
    `return (await import("node:cluster")).default.fork()`,
    "run|env",
  ],
  [
    "loads a library",
    `return Deno.dlopen("libc.so.6", { getpid: { parameters: [], result: "i32" } })`,
    "ffi",
  ],
  [
    "loads an add-on of Node",
    `return process.dlopen({ exports: {} }, "/tmp/x.node")`,
    "ffi|read",
  ],
  [
    "loads an extension of SQLite",
    `const { DatabaseSync } = await import("node:sqlite");
    return new DatabaseSync(":memory:", { allowExtension: true })`,
    "ffi",
  ],
  ["makes a pointer", `return Deno.UnsafePointer.create(4096n)`, "ffi"],
  [
    "makes a thread",
    `return new Worker("data:text/javascript,1", { type: "module" })`,
    "worker",
  ],
  [
    "makes a thread of Node",
    `const { Worker } = await import("node:worker_threads");
    return new Worker("1", { eval: true })`,
    "worker",
  ],
  [
    "makes a thread that may do more",
    `return new Worker("data:text/javascript,1", { type: "module", deno: { permissions: "inherit" } })`,
    "worker",
  ],
  [
    "makes a thread out of the class of one",
    `const { Worker } = process.getBuiltinModule("node:worker_threads");
    return Reflect.construct(Object.getPrototypeOf(class extends Worker {}), ["1", { eval: true }])`,
    "worker",
  ],
  [
    "opens the inspector",
    `const { open, url } = await import("node:inspector"); open(0); return url()`,
    "sys",
  ],
  [
    "becomes another user",
    `return process.setuid(0)`,
    "sys",
  ],
];

for (const [name, code, permission] of STARTS) {
  attackTest(name, async () => {
    const aftermath = await attempt(code);
    strictEqual(aftermath.got, undefined);
    strictEqual(aftermath.error, "NotCapable", JSON.stringify(aftermath));
    ok(
      permission.split("|").some((each) =>
        aftermath.accesses.some((access) =>
          access.permission === each && !access.allowed
        )
      ),
      JSON.stringify(aftermath.accesses),
    );
  });
}

attackTest("forks threads, each of which is to fill the memory", async () => {
  const aftermath = await attempt(
    `let made = 0;
    for (let n = 0; n < 100; n++) {
      try {
        new Worker("data:text/javascript,const a=[];for(;;)a.push(new Uint8Array(1e6).fill(1))", { type: "module" });
        made++;
      } catch { /* told */ }
    }
    return made`,
  );
  strictEqual(aftermath.got, "0");
  strictEqual(refused(aftermath, "worker", "Worker").count, 100);
});

attackTest("kills the worker", async () => {
  for (
    const code of [
      `return Deno.kill(Deno.ppid, "SIGKILL")`,
      `return process.kill(process.ppid, "SIGKILL")`,
      `return (await import("node:process")).kill(Deno.ppid, "SIGKILL")`,
      `return Deno.kill(-1, "SIGKILL")`,
      `return Deno.kill(1, "SIGTERM")`,
    ]
  ) {
    const { got, error } = await attempt(code);
    strictEqual(got, undefined, code);
    strictEqual(error, "NotCapable", code);
  }
});

attackTest("kills a process of another plugin", async () => {
  const other = new Deno.Command("/bin/sleep", { args: ["60"] }).spawn();
  try {
    const aftermath = await attempt(`return Deno.kill(config.pid, "SIGKILL")`, {
      config: { pid: other.pid },
    });
    strictEqual(aftermath.error, "NotCapable");
    refused(aftermath, "run", "Deno.kill");
    ok(await Deno.stat(`/proc/${other.pid}`));
  } finally {
    other.kill("SIGKILL");
    await other.status;
  }
});

/** Ways to end its own process. */
const ENDS: readonly (readonly [name: string, code: string, how: RegExp])[] = [
  ["exits early", `Deno.exit(0)`, /exit code 0 before its work was done/],
  [
    "exits early as Node does",
    `process.exit(0)`,
    /exit code 0 before its work/,
  ],
  ["exits with a code", `Deno.exit(3)`, /exit code 3/],
  [
    "closes its only window",
    `globalThis.close(); await new Promise(() => {})`,
    /exit code 0 before/,
  ],
  ["aborts", `process.abort()`, /SIGABRT|exit code 134/],
  [
    "exits behind Node's back",
    `process.reallyExit(5)`,
    /exit code 5/,
  ],
  [
    "throws late",
    `setTimeout(() => { throw new Error("thrown late") }); await new Promise(() => {})`,
    /thrown late/,
  ],
  [
    "leaves a rejection alone",
    `Promise.reject(new Error("rejected late")); await new Promise((_, no) => setInterval(() => {}, 1_000))`,
    /rejected late/,
  ],
];

for (const [name, code, how] of ENDS) {
  attackTest(`${name} while it collects`, async () => {
    const { messages, outcome, failure } = await collect(code);
    strictEqual(failure?.code, "plugin_crashed", failure?.message);
    match(failure?.message ?? "", how);
    checkScopes(messages);
    strictEqual(outcome.failedScopes, 1);
    strictEqual(messages.at(-1)?.type, "account_failed");
  });
}

function checkScopes(messages: Parameters<typeof scopesOf>[0]): void {
  const { evil_account, evil_thing, ...others } = scopesOf(messages);
  strictEqual(evil_account, "complete");
  strictEqual(evil_thing, "plugin_crashed");
  strictEqual(Object.keys(others).length, 0);
}

attackTest("throws and rejects after its work was done", async () => {
  const { outcome, failure } = await collect(
    `setTimeout(() => { throw new Error("thrown late") }, 1);
    queueMicrotask(() => line({ type: "progress", path: [], current: 1, total: 1 }));
    globalThis.addEventListener("unload", () => { for (;;); });
    process.on("exit", () => { for (;;); });`,
  );
  // Either it was done before, or the fault is told.
  if (failure !== undefined) match(failure.message, /thrown late/);
  ok(outcome.nodes >= 2);
});

attackTest("listens to signals so that it need not end", async () => {
  const started = performance.now();
  const { failure } = await command(
    `for (const name of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT", "SIGUSR1"]) {
      try { Deno.addSignalListener(name, () => {}); } catch { /* not all are there */ }
      process.on(name, () => {});
    }
    process.on("uncaughtException", () => {});
    process.on("unhandledRejection", () => {});
    globalThis.addEventListener("unhandledrejection", (event) => event.preventDefault());
    setInterval(() => Promise.reject(new Error("ignored")), 10);
    await new Promise(() => {});`,
    { limits: { timeoutMs: 1_000 } },
  );
  strictEqual(failure?.code, "plugin_timeout");
  ok(performance.now() - started < 10_000);
});

attackTest("stops itself, so that its watchdog stops too", async () => {
  const { failure } = await command(
    `const { kill } = await import("node:process");
    kill(Deno.pid, "SIGSTOP");
    await new Promise(() => {});`,
    { limits: { timeoutMs: 1_000 } },
  );
  ok(
    ["plugin_timeout", "task_failed"].includes(failure?.code ?? ""),
    failure?.message,
  );
});

attackTest("catches the signal that nobody can catch", async () => {
  const { error, message } = await attempt(
    `return Deno.addSignalListener("SIGKILL", () => {})`,
  );
  match(`${error} ${message}`, /TypeError.*SIGKILL/);
});
