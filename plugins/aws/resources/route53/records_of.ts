import type { Item } from "../../declaration.ts";

/** Members of the values of some types of records, in order. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  CAA: ["Flags", "Tag", "Data"],
  MX: ["Priority", "Data"],
  SOA: [
    "Mname",
    "Rname",
    "Serial",
    "Refresh",
    "Retry",
    "Expire",
    "Minimum",
  ],
  SRV: ["Priority", "Weight", "Port", "Data"],
};

/** What a record's value says, by member. */
function partsOf(type: string, value: string): Record<string, string> {
  const names = PARTS[type] ?? ["Data"];
  // The last part may hold spaces.
  const words = value.trim().split(/\s+/);
  const last = words.slice(names.length - 1).join(" ");
  const parts = [...words.slice(0, names.length - 1), last];
  if (words.length < names.length) return { Data: value };
  return Object.fromEntries(names.map((name, at) => [name, parts[at] ?? ""]));
}

/**
 * An answer with sets of records, and beside them each value as a record of its
 * own. Sets that stand for a resource of AWS have no values.
 */
export function recordsOf(answer: Item): Item {
  const sets = answer["ResourceRecordSets"];
  if (!Array.isArray(sets)) return answer;
  const records = sets.flatMap((set: Item) => {
    const values = (set["ResourceRecords"] ?? []) as readonly Item[];
    return values.map(({ Value }) => ({
      Name: set["Name"],
      Type: set["Type"],
      SetIdentifier: set["SetIdentifier"],
      TTL: set["TTL"],
      Value,
      ...partsOf(String(set["Type"]), String(Value)),
    }));
  });
  return { ...answer, Records: records };
}
