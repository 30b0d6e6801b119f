/**
 * Runs the tests and ends with one line that says how many passed and failed.
 *
 * Words are passed on to `deno test`. `--unit` runs the tests beside their source
 * but for the long ones; without words everything runs. Both check all types once,
 * then run a few files at a time, each group in a process of its own: an engine
 * that crashes takes few tests with it, and what a process holds is given back.
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

/** Names the file that a run was in when it ended, or undefined. */
export function lastFile(output: string): string | undefined {
  return plainText(output).match(/^running \d+ tests? from \S+/gm)?.at(-1)
    ?.split(" ").at(-1);
}

/** Folders with tests beside their source. */
export const MEMBERS: readonly string[] = [
  "core",
  "lib",
  "metrics",
  "plugins",
  "shell",
  "start",
  "tools",
  "worker",
];

/** What spans members. */
export const WHOLE = "tests";

/** Files that take longest, which are begun first, each by itself. */
export const SLOWEST: readonly string[] = [
  "tests/e2e/aws/kinds_test.ts",
  "tests/faults/jobs_long_test.ts",
  "tests/faults/aws_listing_test.ts",
  "tests/faults/kill_test.ts",
  "tests/faults/storage_test.ts",
  "tests/e2e/aws_test.ts",
  "tests/e2e/cleanup_test.ts",
  "core/search/searcher_property_test.ts",
  "core/cleanup/cleanup_long_test.ts",
  "core/graph/merge_long_test.ts",
];

/** Files of a group: what spans members starts whole installations. */
const GROUP_FILES = { whole: 3, member: 16 } as const;

/** Groups that run side by side: now and then each waits for a process. */
const SIDE_BY_SIDE = Math.min(4, navigator.hardwareConcurrency + 1);

/** Many random cases, or many processes: too long for every change. */
const LONG = /(?:^|[_/])(?:property|fuzz|kill|long)_test\.ts$/;

/** Files of tests below a folder, sorted. */
export async function testFiles(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) found.push(...await testFiles(path));
    else if (name.endsWith("_test.ts")) found.push(path);
  }
  return found.sort();
}

/** Whether the gate leaves a file to the whole run. */
export function isLong(file: string): boolean {
  return LONG.test(file);
}

function cut(files: readonly string[], size: number): string[][] {
  return Array.from(
    { length: Math.ceil(files.length / size) },
    (_, at) => files.slice(at * size, (at + 1) * size),
  );
}

/** What each `deno test` runs, those that take longest first. */
export function groupsOf(files: readonly string[]): string[][] {
  const rest = files.filter((file) => !SLOWEST.includes(file));
  const isWhole = (file: string) => file.startsWith(`${WHOLE}/`);
  return [
    ...cut(SLOWEST.filter((file) => files.includes(file)), 1),
    ...cut(rest.filter(isWhole), GROUP_FILES.whole),
    ...cut(rest.filter((file) => !isWhole(file)), GROUP_FILES.member),
  ];
}

/** What is kept of an output: counts, failures and last words are at its end. */
const TAIL = 100_000;

/** Passes a stream on piece by piece and keeps its end. */
async function tee(
  from: ReadableStream<Uint8Array>,
  to: (bytes: Uint8Array) => void,
): Promise<string> {
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of from) {
    to(chunk);
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-TAIL);
  }
  return tail;
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}

function say(text: string): void {
  writeAll(new TextEncoder().encode(text));
}

/** What a `deno test` came to. */
interface GroupResult extends TestCount {
  /** Tests that failed, as `name => place`. */
  readonly failures: readonly string[];
  /** What ended the process in the midst of its tests, if anything did. */
  readonly crash?: string;
}

/** Lines that are told again of a run that ended without a count. */
const LAST_LINES = 25;

function lastLines(output: string): string {
  return plainText(output).trimEnd().split("\n").slice(-LAST_LINES)
    .map((line) => `  ${line}`).join("\n");
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
  const [output, errors, status] = await Promise.all([
    tee(child.stdout, to),
    tee(child.stderr, to),
    child.status,
  ]);
  const count = readCount(output) ?? { passed: 0, failed: 0, skipped: 0 };
  // A file that does not even load fails without being counted as a test.
  const isSilent = !status.success && count.failed === 0;
  if (!isSilent) return { ...count, failures: readFailures(output) };
  const how = status.signal ?? `exit code ${status.code}`;
  const where = lastFile(output) ?? `deno test ${words.join(" ")}`;
  const end = [
    `${where} => ended with ${how}`,
    lastLines(output),
    lastLines(errors),
  ].join("\n");
  return {
    ...count,
    failed: 1,
    failures: [...readFailures(output), end],
    ...(status.signal !== null && { crash: end }),
  };
}

/**
 * Runs a group, and once more when a signal ended it: an engine of native code
 * may not outlive the thread of a test file, which ends before the process only
 * here. The crash is told all the same.
 */
async function runTwice(
  words: readonly string[],
  to: (bytes: Uint8Array) => void,
): Promise<GroupResult> {
  const first = await runGroup(words, to);
  if (first.crash === undefined) return first;
  const second = await runGroup(words, to);
  return { ...second, crash: first.crash };
}

/**
 * Runs groups, a few side by side. Each prints when it is done, so that lines do
 * not mix; who waits sees which ones have begun.
 */
async function runGroups(
  groups: readonly (readonly string[])[],
): Promise<readonly GroupResult[]> {
  const results: GroupResult[] = [];
  const queue = [...groups.entries()];
  const work = async () => {
    for (let next; (next = queue.shift()) !== undefined;) {
      const [at, files] = next;
      const [first] = files;
      say(
        `Group ${at + 1} of ${groups.length} begins: ${first}, ` +
          `${files.length} files\n`,
      );
      const held: Uint8Array[] = [];
      // Types were checked before, for all of them at once.
      results.push(
        await runTwice(["--no-check", ...files], (bytes) => held.push(bytes)),
      );
      for (const bytes of held) writeAll(bytes);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
  return results;
}

/** Checks the types of everything; gives whether they are right. */
async function checkTypes(): Promise<boolean> {
  const { status } = new Deno.Command(Deno.execPath(), {
    args: ["check", "--quiet"],
  }).spawn();
  return (await status).success;
}

/** Runs the tests of some folders, of those that a filter lets through. */
async function runAll(
  folders: readonly string[],
  filter: (file: string) => boolean = () => true,
): Promise<readonly GroupResult[]> {
  const files = (await Promise.all(folders.map(testFiles))).flat();
  return await runGroups(groupsOf(files.filter(filter)));
}

async function main(args: readonly string[]): Promise<number> {
  const isUnit = args[0] === "--unit";
  if ((isUnit || args.length === 0) && !await checkTypes()) {
    say("\nFAILED deno check => types are wrong\n0 passed, 1 failed\n");
    return 1;
  }
  const counts = isUnit
    ? await runAll(MEMBERS, (file) => !isLong(file))
    : args.length === 0
    ? await runAll([WHOLE, ...MEMBERS])
    : [await runTwice(args, writeAll)];
  const sum = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    sum.passed += passed;
    sum.failed += failed;
    sum.skipped += skipped;
  }
  // Told again at the end: thousands of lines may lie between.
  const told = counts.flatMap(({ failures, crash }) => [
    ...failures.map((failure) => `FAILED ${failure}\n`),
    ...(crash === undefined ? [] : [`CRASHED, and ran again: ${crash}\n`]),
  ]).join("");
  const line = `${sum.passed} passed, ${sum.failed} failed` +
    (sum.skipped > 0 ? `, ${sum.skipped} skipped` : "");
  say(`\n${told}${line}\n`);
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
