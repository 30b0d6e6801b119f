import { strictEqual } from "node:assert/strict";
import { attackTest, attempt, refused } from "./_attack.ts";

/** What plugins could leave for each other, or share. */
const SHARED: readonly (readonly [
  name: string,
  code: string,
  permission: string,
])[] = [
  ["keeps an answer in a cache", `return await caches.open("x")`, "storage"],
  [
    "makes itself a cache out of its class",
    `const brand = [globalThis, new Headers(), new Event("x")]
      .flatMap((each) => Object.getOwnPropertySymbols(each))
      .find((each) => String(each).includes("brand"));
    const cache = Object.create(CacheStorage.prototype, { [brand]: { value: brand } });
    const opened = await cache.open("x");
    await opened.put("http://x/", new Response("left for others"));
    return await (await opened.match("http://x/")).text()`,
    "storage",
  ],
  [
    "keeps a word in local storage",
    `localStorage.setItem("x", "y")`,
    "storage",
  ],
  [
    "keeps a word in the session's storage",
    `sessionStorage.setItem("x", "y")`,
    "storage",
  ],
  [
    "makes itself a storage out of its class",
    `Storage.prototype.setItem.call(Object.create(Storage.prototype), "x", "y")`,
    "storage",
  ],
  [
    "calls to other plugins",
    `new BroadcastChannel("x").postMessage("y")`,
    "worker",
  ],
  [
    "calls to other plugins as Node does",
    `const { BroadcastChannel } = await import("node:worker_threads");
    new BroadcastChannel("x").postMessage("y")`,
    "worker",
  ],
  [
    "sorts with SQLite, which writes files while it does",
    `const { DatabaseSync } = await import("node:sqlite");
    const database = new DatabaseSync(":memory:");
    database.exec("pragma temp_store = 1; pragma cache_size = 10; create temp table t (a);");
    for (let n = 0; n < 20; n++) database.exec("insert into t values (randomblob(1000000))");
    return "written"`,
    "storage",
  ],
  [
    "takes SQLite by another name",
    `const { DatabaseSync } = process.getBuiltinModule("sqlite");
    const open = Object.getPrototypeOf(DatabaseSync.prototype).exec;
    return open.call(new DatabaseSync(":memory:"), "vacuum into '/tmp/skymap-attack.db'")`,
    "storage",
  ],
  [
    "takes the graphics card",
    `return await navigator.gpu.requestAdapter()`,
    "gpu",
  ],
  [
    "takes the graphics card out of its class",
    `return await GPU.prototype.requestAdapter.call(navigator.gpu)`,
    "gpu",
  ],
];

for (const [name, code, permission] of SHARED) {
  attackTest(name, async () => {
    const aftermath = await attempt(code);
    strictEqual(aftermath.got, undefined, aftermath.got);
    strictEqual(aftermath.error, "NotCapable", aftermath.message);
    refused(aftermath, permission);
  });
}

attackTest("holds a lock that another plugin waits for", async () => {
  const code =
    `return await navigator.locks.request("x", { ifAvailable: true }, (lock) => lock?.name)`;
  const held = attempt(
    `return await navigator.locks.request("x", () => new Promise((resolve) => setTimeout(resolve, 100, "held")))`,
  );
  const [first, second] = await Promise.all([held, attempt(code)]);
  strictEqual(first.got, "held");
  strictEqual(second.got, "x");
});

attackTest("leaves something behind for its next process", async () => {
  for (const expected of ["undefined", "undefined"]) {
    const { got } = await attempt(
      `const before = typeof globalThis.left + typeof Object.prototype.left;
      globalThis.left = 1; Object.prototype.left = 1;
      process.title = "left";
      return before`,
    );
    strictEqual(got, expected.repeat(2));
  }
});
