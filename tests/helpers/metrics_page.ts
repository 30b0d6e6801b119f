/**
 * Series as a page or Prometheus has them, and as searches over the API give
 * them: what a test compares.
 *
 * @module
 */

import type { CoreClient } from "@skymap/lib/client";
import type { MetricDefinition } from "@skymap/lib/metrics";
import { parsePage } from "../../lib/pages/_parse_page.ts";

/** Values by metric and labels, as {@linkcode seriesKey} writes them. */
export type Series = ReadonlyMap<string, number>;

/** A series as a text; to Prometheus an empty label is none. */
export function seriesKey(
  name: string,
  labels: Readonly<Record<string, string>>,
): string {
  const told = Object.entries(labels).filter(([label, value]) =>
    value !== "" && label !== "__name__"
  ).sort(([one], [two]) => one < two ? -1 : 1);
  return `${name}${JSON.stringify(Object.fromEntries(told))}`;
}

/** The series of a page that belong to these metrics. */
export function pageSeries(
  page: string,
  metrics: readonly Pick<MetricDefinition, "name">[],
): Series {
  const names = new Set(metrics.map(({ name }) => `skymap_${name}`));
  const series = new Map<string, number>();
  for (const { samples } of parsePage(page)) {
    for (const { name, labels, value } of samples) {
      if (!names.has(name)) continue;
      const key = seriesKey(name, labels);
      if (series.has(key)) throw new Error(`The page has ${key} twice`);
      series.set(key, value);
    }
  }
  return series;
}

/** The series that the searches of these metrics give over the API. */
export async function searchedSeries(
  client: CoreClient,
  metrics: readonly Pick<MetricDefinition, "name" | "search">[],
  graph = "main",
): Promise<Series> {
  const series = new Map<string, number>();
  for (const { name, search } of metrics) {
    for await (const row of client.search(graph, "aggregate", search)) {
      if ("type" in row) continue;
      const { group = {}, ...values } = row as {
        readonly group?: Readonly<Record<string, unknown>>;
      } & Readonly<Record<string, unknown>>;
      const [value] = Object.values(values);
      // Of what is not known there is no sample.
      if (value === null) continue;
      const labels = Object.fromEntries(
        Object.entries(group).map(([label, each]) => [
          label,
          typeof each === "object" && each !== null
            ? JSON.stringify(each)
            : String(each ?? ""),
        ]),
      );
      const key = seriesKey(`skymap_${name}`, labels);
      series.set(key, (series.get(key) ?? 0) + Number(value));
    }
  }
  return series;
}

/** What one side has and the other has not, or has with another value. */
export function seriesDifferences(
  wanted: Series,
  found: Series,
): readonly string[] {
  const keys = new Set([...wanted.keys(), ...found.keys()]);
  return [...keys].flatMap((key) => {
    const one = wanted.get(key);
    const two = found.get(key);
    if (one === undefined) return [`${key} is ${two}, wanted none`];
    if (two === undefined) return [`${key} is missing, wanted ${one}`];
    // Sums of fractions depend on their order in the last digits.
    const isSame = Math.abs(one - two) <= 1e-9 * Math.abs(one);
    return isSame ? [] : [`${key} is ${two}, wanted ${one}`];
  });
}
