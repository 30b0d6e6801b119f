import type { SeriesPoint } from "./series_record.ts";

/** Whether values of groups make, summed up, the value of these together. */
export function isAdditive(
  { function: function_ }: Pick<SeriesPoint, "function">,
): boolean {
  return function_ === undefined || function_ === "sum" ||
    function_ === "count";
}
