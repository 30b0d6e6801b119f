import type { Item } from "../../declaration.ts";
import { parsePath, readFirst } from "../../path.ts";

/** Types of interfaces that people make; services make all others. */
const OWN = ["interface", "efa", "efa-only", "trunk", "branch"];

const WITH_INSTANCE = parsePath("Attachment.DeleteOnTermination");

/** Whether a service of AWS made a network interface and takes it away again. */
export function isManaged(item: Item | undefined): boolean {
  if (item === undefined) return false;
  return item["RequesterManaged"] === true ||
    !OWN.includes(String(item["InterfaceType"] ?? "interface"));
}

/**
 * Whether a network interface goes by itself: with the service that made it, or
 * with the instance that it is part of.
 */
export function goesWithOwner(item: Item | undefined): boolean {
  return isManaged(item) || readFirst(WITH_INSTANCE, item) === true;
}
