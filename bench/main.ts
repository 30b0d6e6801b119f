/**
 * Runs every benchmark in a process of its own and prints one table.
 *
 * Words choose benchmarks by name. The rows also go to `bench/results/`.
 *
 * @module
 */

import type { BenchRow } from "./report.ts";

const folder = import.meta.dirname ?? "bench";

/** Names of the benchmarks: every `x_bench.ts` in this folder. */
async function names(chosen: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { name } of Deno.readDir(folder)) {
    const bench = /^(.*)_bench\.ts$/.exec(name)?.[1];
    if (bench === undefined) continue;
    if (chosen.length === 0 || chosen.includes(bench)) found.push(bench);
  }
  return found.sort();
}

function say(text: string): void {
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Runs one benchmark; its rows, or none when it failed. */
async function runBench(name: string): Promise<BenchRow[]> {
  say(`running ${name} …`);
  const { stdout, code } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--unstable-cron",
      "--frozen",
      `${folder}/${name}_bench.ts`,
    ],
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (code !== 0) say(`${name} failed with code ${code}`);
  return new TextDecoder().decode(stdout).split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as BenchRow);
}

function figure(value: number | undefined): string {
  if (value === undefined) return "";
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return value.toLocaleString("en", {
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  });
}

/** The rows as a table of Markdown. */
function table(rows: readonly BenchRow[]): string {
  const lines = [
    ["bench", "what", "figure", "unit", "against", "figure", "ratio", "aim"],
    ...rows.map((row) => [
      row.bench,
      row.what,
      figure(row.value),
      row.unit,
      row.against ?? "",
      figure(row.other),
      figure(row.ratio),
      row.aim ?? "",
    ]),
  ];
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(...lines.map((line) => (line[column] ?? "").length))
  );
  const text = lines.map((line) =>
    `| ${
      line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")
    } |`
  );
  const rule = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [text[0], rule, ...text.slice(1)].join("\n");
}

const rows: BenchRow[] = [];
for (const name of await names(Deno.args)) rows.push(...await runBench(name));
await Deno.mkdir(`${folder}/results`, { recursive: true });
await Deno.writeTextFile(
  `${folder}/results/latest.json`,
  `${JSON.stringify({ deno: Deno.version.deno, rows }, null, 2)}\n`,
);
Deno.stdout.writeSync(new TextEncoder().encode(`${table(rows)}\n`));
