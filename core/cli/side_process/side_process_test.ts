import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { readLines } from "@skymap/lib/ndjson";
import { SideProcess } from "./side_process.ts";

/** Runs JavaScript in a side process that may do nothing. */
function start(
  source: string,
  signal: AbortSignal = new AbortController().signal,
): SideProcess {
  return new SideProcess({
    module: `data:text/javascript,${encodeURIComponent(source)}`,
    flags: ["--no-config", "--no-lock"],
    maxHeapMb: 32,
    failure: (reason) => new Error(`Cannot echo: ${reason}`),
    signal,
  });
}

const ECHO = "for await (const chunk of Deno.stdin.readable) " +
  "await Deno.stdout.write(chunk);";

Deno.test("SideProcess gives back what its module writes, and ends with its input", async () => {
  await using child = start(ECHO);
  await child.send("one\ntwo\n");
  await child.end();
  deepStrictEqual(await Array.fromAsync(readLines(child.chunks())), [
    "one",
    "two",
  ]);
});

Deno.test("SideProcess has no permission and no variable that it was not given", async () => {
  for (
    const [call, refused] of [
      ['await Deno.readTextFile("/etc/hostname")', /NotCapable: Requires read/],
      ['await fetch("http://127.0.0.1:2/")', /NotCapable: Requires net/],
      ['Deno.env.get("PATH")', /NotCapable: Requires env/],
    ] as const
  ) {
    await using child = start(call);
    await rejects(Array.fromAsync(child.chunks()), refused, call);
  }
});

Deno.test("SideProcess tells why its process ended", async () => {
  await using crashed = start('throw new TypeError("no good")');
  await rejects(
    Array.fromAsync(crashed.chunks()),
    /Cannot echo: its process ended with exit code 1: TypeError: no good/,
  );
  await using full = start(
    "const all = []; for (;;) all.push(new Array(1e5).fill({}));",
  );
  await rejects(
    Array.fromAsync(full.chunks()),
    /Cannot echo: it used more memory than it may/,
  );
});

Deno.test("SideProcess is killed by its signal, also in a loop that never yields", async () => {
  const controller = new AbortController();
  await using child = start(
    'await Deno.stdout.write(new TextEncoder().encode("up\\n")); for (;;);',
    controller.signal,
  );
  const lines: string[] = [];
  const reading = (async () => {
    for await (const line of readLines(child.chunks())) {
      lines.push(line);
      controller.abort(new Error("enough"));
    }
  })();
  await rejects(reading, /enough/);
  deepStrictEqual(lines, ["up"]);
});

Deno.test("SideProcess does not hang when its process takes nothing more", async () => {
  await using child = start("Deno.exit(0)");
  strictEqual((await Array.fromAsync(child.chunks())).length, 0);
  await child.send("late\n");
  await child.end();
});
