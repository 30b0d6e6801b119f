import type { IndexReader } from "../index/reader.ts";

/**
 * The values in which a regular expression finds something, as searches do: the
 * index runs it in linear time, whatever it is.
 */
export async function findMatches(
  reader: Pick<IndexReader, "rows">,
  pattern: string,
  values: readonly string[],
): Promise<ReadonlySet<string>> {
  const rows = await reader.rows({
    sql: "select value from (select unnest($1::varchar[]) as value) " +
      "where regexp_matches(value, $2, 'i')",
    parameters: [values, pattern],
  });
  return new Set(rows.map(([value]) => String(value)));
}
