import type { DbSession } from "@skymap/lib/db";
import { SkymapError } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import { readAllSeries, readSeries, type Series } from "./series_record.ts";

/**
 * What is known of one series.
 *
 * @throws {SkymapError} `not_found`, with the nearest name.
 */
export async function findSeries(
  session: DbSession,
  name: string,
): Promise<Series> {
  const found = await readSeries(session, name);
  if (found !== undefined) return found;
  const names = (await readAllSeries(session)).map((each) => each.name);
  const suggestions = nearestNames(name, names).slice(0, 1);
  const [guess] = suggestions;
  throw new SkymapError(
    "not_found",
    `Cannot find time series ${JSON.stringify(name)}: ` +
      (guess !== undefined
        ? `did you mean "${guess}"?`
        : names.length === 0
        ? "there is none"
        : `there is ${names.slice(0, 10).join(", ")}`),
    { details: { suggestions } },
  );
}
