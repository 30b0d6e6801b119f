import { isObject } from "@skymap/lib/json";

function isId(value: unknown): boolean {
  return typeof value === "string" && value !== "";
}

/** Every fault of what should be an account list; empty when it is one. */
export function accountListFaults(value: unknown): string[] {
  if (!isObject(value)) return ["the list is no object"];
  const { accounts, all, unreachable } = value;
  if (!Array.isArray(accounts)) return ["accounts is no list"];
  const faults: string[] = [];
  const ids = new Set<unknown>();
  for (const account of accounts as readonly unknown[]) {
    const id = isObject(account) ? account["id"] : undefined;
    if (!isId(id)) faults.push(`an account has the id ${JSON.stringify(id)}`);
    else if (ids.has(id)) faults.push(`account "${id}" is listed twice`);
    ids.add(id);
  }
  if (all !== undefined && !(Array.isArray(all) && all.every(isId))) {
    faults.push("all is no list of ids");
  }
  if (unreachable === undefined) return faults;
  const told = Array.isArray(unreachable) &&
    unreachable.every((each) =>
      isObject(each) && isId(each["id"]) && isId(each["code"]) &&
      typeof each["message"] === "string"
    );
  if (!told) faults.push("unreachable is no list of ids with code and message");
  return faults;
}
