/**
 * How long the shell takes from its start to the prompt, in a pseudo-terminal;
 * against two starts of an empty Deno program, one from the other, as `main.ts`
 * starts a role. The samples of both take turns.
 */
import { percentile, report } from "./report.ts";

const SAMPLES = 30;
const WARM_UP = 3;

const MAIN = new URL("../main.ts", import.meta.url).pathname;
const START = ["run", "--quiet", "--no-prompt"];

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** Milliseconds until a program in a terminal of its own shows a text. */
async function untilShown(
  words: readonly string[],
  wanted: string,
  home: string,
): Promise<number> {
  const startedAt = performance.now();
  const child = new Deno.Command("script", {
    args: ["-qec", words.map(quoted).join(" "), "/dev/null"],
    env: { HOME: home, XDG_STATE_HOME: home, DENO_DIR: denoDir },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  let shownAt = Number.NaN;
  const output = child.stdout.pipeThrough(new TextDecoderStream());
  const input = child.stdin.getWriter();
  for await (const piece of output) {
    text += piece;
    if (!Number.isNaN(shownAt) || !text.includes(wanted)) continue;
    shownAt = performance.now();
    // Ctrl-D ends what waits for a line.
    await input.write(Uint8Array.of(4)).catch(() => {});
  }
  await input.close().catch(() => {});
  await child.status;
  if (Number.isNaN(shownAt)) throw new Error(`Never shown: ${wanted}\n${text}`);
  return shownAt - startedAt;
}

const { denoDir } = JSON.parse(
  new TextDecoder().decode(
    (await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json"],
      stdout: "piped",
    }).output()).stdout,
  ),
) as { readonly denoDir: string };
const home = await Deno.makeTempDir();
const inner = `${home}/inner.ts`;
const outer = `${home}/outer.ts`;
await Deno.writeTextFile(
  inner,
  `Deno.stdout.writeSync(new TextEncoder().encode("> "));`,
);
await Deno.writeTextFile(
  outer,
  `await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-config", ${JSON.stringify(inner)}],
  }).spawn().status;`,
);

const allowed = ["--allow-env", "--allow-read", "--allow-run"];
const shell = [Deno.execPath(), ...START, ...allowed, MAIN, "shell"];
const bare = [Deno.execPath(), ...START, "--no-config", "--allow-all", outer];
const ours: number[] = [];
const others: number[] = [];
for (let at = 0; at < WARM_UP + SAMPLES; at++) {
  const shown = await untilShown(shell, "\x1b[?2004h", home);
  const other = await untilShown(bare, "> ", home);
  if (at < WARM_UP) continue;
  ours.push(shown);
  others.push(other);
}
await Deno.remove(home, { recursive: true });

for (const share of [0.5, 0.95]) {
  const value = percentile(ours, share);
  const other = percentile(others, share);
  report({
    bench: "shell_start",
    what: `start to prompt, p${share * 100}`,
    value,
    unit: "ms",
    against: "two empty Deno processes, one from the other",
    other,
    ratio: value / other,
    aim: "< 300 ms",
  });
}
