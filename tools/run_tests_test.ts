import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { longTests, readCount, readFailures, WHOLE } from "./run_tests.ts";

Deno.test("readCount() reads the closing line of a run", () => {
  const cases = [
    ["ok | 9 passed | 0 failed (170ms)", 9, 0, 0],
    [
      "FAILED | 9 passed (4 steps) | 2 failed (1 step) | 3 ignored (1s)",
      9,
      2,
      3,
    ],
    ["\u001b[0m\u001b[32mok\u001b[0m | 1 passed | 0 failed (2ms)", 1, 0, 0],
    [
      "ok | 1 passed | 0 failed (2ms)\nx\nok | 2 passed | 0 failed (1s)",
      2,
      0,
      0,
    ],
  ] as const;
  for (const [text, passed, failed, skipped] of cases) {
    deepStrictEqual(readCount(`${text}\n\n`), { passed, failed, skipped });
  }
});

Deno.test("readCount() gives nothing when no test ran", () => {
  strictEqual(readCount("error: Module not found"), undefined);
});

Deno.test("longTests() finds what the gate leaves to the whole run", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/a/b`, { recursive: true });
    const long = ["a/b/x_property_test.ts", "a/fuzz_test.ts", "y_long_test.ts"];
    for (const name of [...long, "a/x_test.ts", "a/kill.ts", "long_tests.ts"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    deepStrictEqual(
      await longTests(folder),
      long.map((name) => `${folder}/${name}`),
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("readFailures() names what failed, and where", () => {
  const esc = "\u001b[0m";
  const text = `
running 1 test from ./a_test.ts
a fact => of arrows ... FAILED (1ms)

 ERRORS 

a fact => of arrows => ./a_test.ts:3:6
error: AssertionError: no

${esc} FAILURES ${esc}

a fact => of arrows ${esc}=> ./a_test.ts:3:6

FAILED | 0 passed | 1 failed (1s)`;
  deepStrictEqual(readFailures(text), [
    "a fact => of arrows => ./a_test.ts:3:6",
  ]);
  deepStrictEqual(readFailures("ok | 3 passed | 0 failed (1s)"), []);
});

Deno.test("every test that spans members is run", async () => {
  const root = new URL("..", import.meta.url).pathname;
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${root}tests`)) {
    ok(isDirectory || !name.endsWith("_test.ts"), name);
    if (!isDirectory) continue;
    for await (const entry of Deno.readDir(`${root}tests/${name}`)) {
      if (!entry.name.endsWith("_test.ts")) continue;
      folders.push(`tests/${name}`);
      break;
    }
  }
  const words = WHOLE.flat();
  // What one leaves out another one runs.
  const left = words.flatMap((word) => word.split("--ignore=").slice(1));
  const named = words.filter((word) => !word.startsWith("--"));
  deepStrictEqual(named.toSorted(), [...folders, ...left].sort());
});
