import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import {
  groupsOf,
  isLong,
  lastFile,
  MEMBERS,
  readCount,
  readFailures,
  SLOWEST,
  testFiles,
  WHOLE,
} from "./run_tests.ts";

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

Deno.test("testFiles() finds what is below, isLong() what the gate leaves", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/a/b`, { recursive: true });
    const long = ["a/b/x_property_test.ts", "a/fuzz_test.ts", "y_long_test.ts"];
    const short = ["a/x_test.ts", "belong_test.ts"];
    for (const name of [...long, ...short, "a/kill.ts", "long_tests.ts"]) {
      await Deno.writeTextFile(`${folder}/${name}`, "");
    }
    const paths = (names: string[]) => names.map((name) => `${folder}/${name}`);
    const found = await testFiles(folder);
    deepStrictEqual(found, paths([...long, ...short]).sort());
    deepStrictEqual(found.filter(isLong), paths(long));
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

Deno.test("lastFile() names the file that a run ended in", () => {
  const esc = "\u001b[0m";
  const text = `${esc}running 2 tests from ./a_test.ts${esc}
one ... ok (1ms)
${esc}running 1 test from ./b/c_test.ts${esc}
two ...`;
  strictEqual(lastFile(text), "./b/c_test.ts");
  strictEqual(lastFile("error: Module not found"), undefined);
});

/** Runs the tests of a folder as `deno task test` does. */
function runTests(folder: string): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-check",
      "--allow-run",
      "--allow-read",
      "tools/run_tests.ts",
      folder,
    ],
    cwd: new URL("..", import.meta.url).pathname,
    stderr: "null",
  }).output();
}

Deno.test("a process that dies is told with the file it was in", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/a_test.ts`,
      'Deno.test("fine", () => {});',
    );
    await Deno.writeTextFile(
      `${folder}/b_test.ts`,
      'Deno.test("dies", () => Deno.kill(Deno.pid, "SIGABRT"));',
    );
    const { code, stdout } = await runTests(folder);
    const [, told = ""] = new TextDecoder().decode(stdout).split("\nFAILED ");
    match(told, /^\S*b_test\.ts => ended with SIGABRT\n/);
    match(told, /\n {2}dies \.\.\.\n[^]*\n0 passed, 1 failed\n$/);
    strictEqual(code, 1);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("what a signal ended is run once more, and told", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(
      `${folder}/a_test.ts`,
      `Deno.test("dies once", () => {
        try {
          Deno.mkdirSync(${JSON.stringify(`${folder}/died`)});
        } catch {
          return;
        }
        Deno.kill(Deno.pid, "SIGABRT");
      });`,
    );
    const { code, stdout } = await runTests(folder);
    const told = new TextDecoder().decode(stdout);
    match(
      told,
      /\nCRASHED, and ran again: \S*a_test\.ts => ended with SIGABRT\n/,
    );
    match(told, /\n1 passed, 0 failed\n$/);
    strictEqual(code, 0);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("groupsOf() leaves nothing out, and begins with the slowest", () => {
  const [slowest = "", slower = ""] = SLOWEST;
  const many = (folder: string) =>
    Array.from({ length: 40 }, (_, at) => `${folder}/${at}_test.ts`);
  const files = [...many("core"), slower, ...many("tests/x"), slowest];
  const groups = groupsOf(files);
  deepStrictEqual(groups.flat().sort(), files.toSorted());
  deepStrictEqual(groups.slice(0, 2), [[slowest], [slower]]);
  ok(groups.every(({ length }) => length <= 16));
});

Deno.test("the slowest files are there, and every test belongs to a folder that is run", async () => {
  const root = new URL("..", import.meta.url).pathname;
  const apart = ["bench", "dist", "node_modules", "coverage"];
  const folders: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(root)) {
    ok(isDirectory || !name.endsWith("_test.ts"), name);
    if (!isDirectory || name.startsWith(".") || apart.includes(name)) continue;
    if ((await testFiles(`${root}${name}`)).length > 0) folders.push(name);
  }
  deepStrictEqual(folders.sort(), [...MEMBERS, WHOLE].sort());
  const files = (await testFiles(`${root}tests`))
    .concat(await testFiles(`${root}core`))
    .map((file) => file.slice(root.length));
  deepStrictEqual(SLOWEST.filter((file) => !files.includes(file)), []);
});
