import type { Item } from "../../declaration.ts";

/** Whether ECS shows something only because it was there a while ago. */
export function isInactive(shown: unknown): boolean {
  return ((shown ?? {}) as Item)["status"] === "INACTIVE";
}
