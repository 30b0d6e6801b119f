/**
 * Runs the tests and ends with one line that says how many passed and failed.
 *
 * Words are passed on to `deno test`; without any, everything runs: unit tests
 * beside their source, then what spans members under `tests/`.
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

/** Reads the counts out of the closing line of `deno test`, or undefined. */
export function readCount(output: string): TestCount | undefined {
  // deno-lint-ignore no-control-regex -- strips the colours of a terminal
  const plain = output.replaceAll(/\u001b\[[0-9;]*m/g, "");
  const all = [...plain.matchAll(
    /^(?:ok|FAILED) \| (\d+) passed.*? \| (\d+) failed(?: \(.*?\))?(?: \| (\d+) ignored)?/gm,
  )];
  const last = all.at(-1);
  if (last === undefined) return;
  const [, passed, failed, skipped] = last;
  return {
    passed: Number(passed),
    failed: Number(failed),
    skipped: Number(skipped ?? 0),
  };
}

/** What is run when nothing is named, one `deno test` each. */
const GROUPS: readonly (readonly string[])[] = [
  ["lib", "core", "worker", "metrics", "shell", "plugins", "start", "tools"],
  ["tests"],
];

/** Copies a stream to the terminal and keeps its end, where the counts are. */
async function tee(
  from: ReadableStream<Uint8Array>,
  to: { write(bytes: Uint8Array): Promise<number> },
): Promise<string> {
  let tail = "";
  const decoder = new TextDecoder();
  for await (const chunk of from) {
    for (let at = 0; at < chunk.length;) {
      at += await to.write(chunk.subarray(at));
    }
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-20_000);
  }
  return tail;
}

async function runGroup(words: readonly string[]): Promise<TestCount> {
  const child = new Deno.Command(Deno.execPath(), {
    // Tests may do anything: they start processes, servers and sandboxes.
    args: ["test", "--allow-all", "--no-prompt", "--frozen", ...words],
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [output, , status] = await Promise.all([
    tee(child.stdout, Deno.stdout),
    tee(child.stderr, Deno.stderr),
    child.status,
  ]);
  const count = readCount(output) ?? { passed: 0, failed: 0, skipped: 0 };
  // A file that does not even load fails without being counted as a test.
  const failed = count.failed + (status.success || count.failed > 0 ? 0 : 1);
  return { ...count, failed };
}

async function main(args: readonly string[]): Promise<number> {
  let sum: TestCount = { passed: 0, failed: 0, skipped: 0 };
  for (const words of args.length > 0 ? [args] : GROUPS) {
    const count = await runGroup(words);
    sum = {
      passed: sum.passed + count.passed,
      failed: sum.failed + count.failed,
      skipped: sum.skipped + count.skipped,
    };
  }
  const line = `${sum.passed} passed, ${sum.failed} failed` +
    (sum.skipped > 0 ? `, ${sum.skipped} skipped` : "");
  Deno.stdout.writeSync(new TextEncoder().encode(`\n${line}\n`));
  return sum.failed === 0 && sum.passed > 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
