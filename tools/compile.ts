/**
 * Makes one binary with `deno compile`, where Deno's base binary can be had.
 *
 * @module
 */

const root = new URL("..", import.meta.url).pathname;

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

async function main(): Promise<number> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      "--no-check",
      "--quiet",
      // Without it the dependency graph of prom-client overflows the compiler.
      "--bundle",
      ...["env", "read", "write", "net", "run", "ffi", "sys"]
        .map((name) => `--allow-${name}`),
      "--unstable-cron",
      "--unstable-no-legacy-abort",
      "--output=dist/skymap-binary",
      "main.ts",
    ],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (code === 0) {
    say(
      'made dist/skymap-binary; its plugins run in a deno beside it or on PATH, and need the folder app of "deno task bundle" beside it',
    );
    return 0;
  }
  const text = new TextDecoder().decode(stderr);
  if (/denort|dl\.deno\.land/.test(text)) {
    say(
      `Cannot compile: Deno's base binary (denort ${Deno.version.deno}) is not ` +
        `in the cache and could not be fetched from dl.deno.land. Compile on a ` +
        `machine that can reach it, name a copy in DENORT_BIN, or use ` +
        `"deno task bundle", which needs no base binary.`,
    );
    return 1;
  }
  say(`Cannot compile:\n${text}`);
  return 1;
}

if (import.meta.main) Deno.exit(await main());
