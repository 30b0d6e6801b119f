/**
 * Runs the tests and ends with one line that says how many passed and failed.
 *
 * Words are passed on to `deno test`. `--unit` runs the tests beside their source
 * but for the long ones; without words everything runs, those beside their source
 * first, then what spans members in `tests/`.
 *
 * @module
 */

/** How a test run ended. */
export interface TestCount {
  /** Tests that passed. */
  readonly passed: number;
  /** Tests that failed. */
  readonly failed: number;
  /** Tests that were skipped. */
  readonly skipped: number;
}

/** Takes the colours of a terminal out of a text. */
function plainText(output: string): string {
  // deno-lint-ignore no-control-regex -- the escape character is what it is about
  return output.replaceAll(/\u001b\[[0-9;]*m/g, "");
}

/** Reads what failed, as `name => place`, out of the end of `deno test`. */
export function readFailures(output: string): readonly string[] {
  const [, list = ""] = plainText(output).split(/^ FAILURES *$/m);
  return list.split("\n").filter((line) => / => \S+:\d+:\d+$/.test(line));
}

/** Reads the counts out of the closing line of `deno test`, or undefined. */
export function readCount(output: string): TestCount | undefined {
  const all = [
    ...plainText(output).matchAll(
      /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?: \(.*?\))?(?: \| (\d+) ignored)?/gm,
    ),
  ];
  const last = all.at(-1);
  if (last === undefined) return;
  const [, passed, failed, skipped] = last;
  return {
    passed: Number(passed),
    failed: Number(failed),
    skipped: Number(skipped ?? 0),
  };
}

/** Folders whose tests take as long as all others. */
const STORES = [
  "core/db",
  "core/graph",
  "core/index",
  "core/query",
  "core/search",
];

/** What each `deno test` that runs the tests beside their source reads. */
const UNIT: readonly {
  readonly folders: readonly string[];
  readonly ignored: readonly string[];
}[] = [
  { folders: STORES, ignored: [] },
  {
    folders: [
      "core",
      "lib",
      "worker",
      "metrics",
      "shell",
      "plugins",
      "start",
      "tools",
    ],
    ignored: STORES,
  },
];

/** Many random cases, or many processes: too long for every change. */
const LONG = /(?:^|_)(?:property|fuzz|kill|long)_test\.ts$/;

/** Files of tests that take long, below a folder. */
export async function longTests(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await longTests(path));
    else if (LONG.test(name)) found.push(path);
  }
  return found.sort();
}

/** Words of each `deno test` of tests beside their source, without some. */
function unitGroups(left: readonly string[]): readonly (readonly string[])[] {
  return UNIT.map(({ folders, ignored }) => {
    const out = [...ignored, ...left];
    return out.length === 0
      ? folders
      : [`--ignore=${out.join(",")}`, ...folders];
  });
}

/** The tests of the gate. */
async function gateGroups(): Promise<readonly (readonly string[])[]> {
  const folders = UNIT.flatMap((group) => group.folders);
  const long = await Promise.all(folders.map(longTests));
  return unitGroups([...new Set(long.flat())]);
}

/** Words of each `deno test` that runs what spans members. */
export const WHOLE: readonly (readonly string[])[] = [
  ["--ignore=tests/e2e/aws", "tests/e2e", "tests/faults"],
  ["tests/attacks", "tests/contract", "tests/e2e/aws", "tests/golden"],
];

/** What is run when nothing is named: stages, one `deno test` a list of words. */
const STAGES: readonly (readonly (readonly string[])[])[] = [
  unitGroups([]),
  WHOLE,
];

/** Passes a stream on piece by piece and keeps its end, where the counts are. */
async function tee(
  from: ReadableStream<Uint8Array>,
  to: (bytes: Uint8Array) => void,
): Promise<string> {
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of from) {
    to(chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-20_000);
  }
  return tail;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}

/** What a `deno test` came to. */
interface GroupResult extends TestCount {
  /** Tests that failed, as `name => place`. */
  readonly failures: readonly string[];
}

async function runGroup(
  words: readonly string[],
  to: (bytes: Uint8Array) => void,
): Promise<GroupResult> {
  const child = new Deno.Command(Deno.execPath(), {
    // Tests may do anything: they start processes, servers and sandboxes.
    args: [
      "test",
      "--allow-all",
      "--no-prompt",
      "--frozen",
      "--preload=tools/fixed_seed.ts",
      ...words,
    ],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output, , status] = await Promise.all([
    tee(child.stdout, to),
    tee(child.stderr, to),
    child.status,
  ]);
  const count = readCount(output) ?? { passed: 0, failed: 0, skipped: 0 };
  // A file that does not even load fails without being counted as a test.
  const isSilent = !status.success && count.failed === 0;
  const failures = [...readFailures(output)];
  if (isSilent) {
    const how = status.signal ?? `exit code ${status.code}`;
    failures.push(`deno test ${words.join(" ")} => ended with ${how}`);
  }
  return { ...count, failed: count.failed + (isSilent ? 1 : 0), failures };
}

/**
 * Runs groups side by side, each in a process of its own. The first prints as
 * it goes, the others when they are done, so that lines do not mix.
 */
async function runStage(
  groups: readonly (readonly string[])[],
): Promise<readonly GroupResult[]> {
  const held: Uint8Array[][] = groups.map(() => []);
  const counts = await Promise.all(
    groups.map((words, at) =>
      runGroup(words, at === 0 ? writeAll : (bytes) => held[at]?.push(bytes))
    ),
  );
  for (const bytes of held.flat()) writeAll(bytes);
  return counts;
}

async function main(args: readonly string[]): Promise<number> {
  let sum: TestCount = { passed: 0, failed: 0, skipped: 0 };
  const failures: string[] = [];
  const stages = args.length === 0
    ? STAGES
    : args[0] === "--unit"
    ? [await gateGroups()]
    : [[args]];
  for (const groups of stages) {
    for (const count of await runStage(groups)) {
      sum = {
        passed: sum.passed + count.passed,
        failed: sum.failed + count.failed,
        skipped: sum.skipped + count.skipped,
      };
      failures.push(...count.failures);
    }
  }
  // Told again at the end: thousands of lines may lie between.
  const told = failures.map((failure) => `FAILED ${failure}\n`).join("");
  const line = `${sum.passed} passed, ${sum.failed} failed` +
    (sum.skipped > 0 ? `, ${sum.skipped} skipped` : "");
  Deno.stdout.writeSync(new TextEncoder().encode(`\n${told}${line}\n`));
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
