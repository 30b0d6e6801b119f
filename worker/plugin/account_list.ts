import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import type { Account, AccountList } from "@skymap/lib/plugin";
import { plainLine } from "./plain_text.ts";

/** Characters of an id at most. */
const MAX_ID = 256;

/** Faults that are told. */
const MAX_FAULTS = 20;

function isId(value: unknown): boolean {
  return typeof value === "string" && value !== "" &&
    plainLine(value, MAX_ID) === value;
}

function shown(value: unknown): string {
  return plainLine(JSON.stringify(value) ?? "nothing", 80);
}

/** The first faults of what should be an account list; empty when it is one. */
export function accountListFaults(value: unknown): string[] {
  if (!isObject(value)) return ["the list is no object"];
  const { accounts, all, unreachable } = value;
  if (!Array.isArray(accounts)) return ["accounts is no list"];
  const faults: string[] = [];
  const ids = new Set<unknown>();
  for (const account of accounts as readonly unknown[]) {
    const id = isObject(account) ? account["id"] : undefined;
    if (!isId(id)) faults.push(`an account has the id ${shown(id)}`);
    else if (ids.has(id)) faults.push(`account "${id}" is listed twice`);
    if (faults.length === MAX_FAULTS) return faults;
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

/**
 * The account of a list that has an id.
 *
 * @throws {SkymapError} `task_failed`, if there is none, with the reason for
 * which it cannot be reached when that is known.
 */
export function accountIn(
  { accounts, unreachable = [] }: AccountList,
  plugin: string,
  id: string,
): Account {
  const account = accounts.find((each) => each.id === id);
  if (account !== undefined) return account;
  const reason = unreachable.find((each) => each.id === id);
  throw new SkymapError(
    "task_failed",
    `Cannot work on account "${id}": ${
      reason === undefined
        ? `plugin "${plugin}" does not list it here`
        : `plugin "${plugin}" cannot reach it: ${reason.message}`
    }`,
  );
}
