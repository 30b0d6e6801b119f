import { zoneId } from "./zone_id.ts";

/**
 * The id of a set of records: its zone, name and type, and what tells it from
 * others of these, such as a region.
 */
export function recordId(
  zone: string,
  name: string,
  type: string,
  set = "",
): string {
  return [zoneId(zone), name, type, ...set === "" ? [] : [set]].join("/");
}
