/**
 * What a benchmark found, as rows of one table.
 *
 * @module
 */

/** One figure. */
export interface BenchRow {
  /** The benchmark. */
  readonly bench: string;
  /** What was measured. */
  readonly what: string;
  /** The figure. */
  readonly value: number;
  /** Its unit. */
  readonly unit: string;
  /** What it is compared with, measured in the same run. */
  readonly against?: string;
  /** The figure of that. */
  readonly other?: number;
  /** How the two relate: value / other, or as the benchmark says. */
  readonly ratio?: number;
  /** The aim, for people. */
  readonly aim?: string;
}

/** Hands rows to `bench/main.ts`, one JSON line each. */
export function report(...rows: readonly BenchRow[]): void {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join("");
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}

/** The median. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1
    ? upper
    : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** The value that a share of all values stays below; `share` from 0 to 1. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[
    Math.min(sorted.length - 1, Math.floor(share * sorted.length))
  ] ??
    Number.NaN;
}
