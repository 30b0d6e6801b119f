/**
 * Times of searches, taken in turns so that what else the machine does hits all
 * of them alike.
 *
 * @module
 */

import type { IndexReader } from "../core/index/reader.ts";
import type { Searcher } from "../core/search/searcher.ts";
import type { SearchCase } from "./search_cases.ts";

/** A way to get an answer; gives the number of its rows. */
export type Ask = () => Promise<number>;

/** Milliseconds of each way, round by round. */
export async function inTurns(
  ways: readonly Ask[],
  rounds: number,
): Promise<readonly (readonly number[])[]> {
  const times: number[][] = ways.map(() => []);
  for (let round = 0; round < rounds; round++) {
    for (const at of ways.keys()) {
      // Every other round goes backwards, for each slows the next a little.
      const way = round % 2 === 0 ? at : ways.length - 1 - at;
      const startedAt = performance.now();
      await ways[way]?.();
      times[way]?.push(performance.now() - startedAt);
    }
  }
  return times;
}

/** Every row of an answer. */
export async function rowsOf(
  texts: AsyncIterable<readonly string[]>,
): Promise<string[]> {
  const rows: string[] = [];
  for await (const some of texts) rows.push(...some);
  return rows;
}

/** The rows of a case, as Skymap answers it. */
export async function ours(
  searcher: Searcher,
  { search, form }: Pick<SearchCase, "search" | "form">,
  options: { readonly sequence?: number } = {},
): Promise<readonly string[]> {
  if (form === "count") return [String(await searcher.count(search, options))];
  return await rowsOf(searcher.lines(search, form, options));
}

/** The rows of a case, as the SQL by hand answers it. */
export async function byHand(
  reader: IndexReader,
  { sql, form }: Pick<SearchCase, "sql" | "form">,
): Promise<readonly string[]> {
  if (form === "count") {
    const rows = await reader.rows({ sql, parameters: [] });
    return [String(rows[0]?.[0])];
  }
  const whole = `select line from (${sql}) union all select null`;
  return await rowsOf(reader.texts({ sql: whole, parameters: [] }));
}

/** Milliseconds until the first row of an answer is there. */
export async function firstRow(
  searcher: Searcher,
  search: string,
): Promise<number> {
  const startedAt = performance.now();
  const lines = searcher.lines(search, "list");
  const { done } = await lines.next();
  const milliseconds = performance.now() - startedAt;
  await lines.return(undefined);
  if (done === true) throw new Error(`no row: ${search}`);
  return milliseconds;
}
