import type { JsonObject } from "@skymap/lib/plugin";
import type { Item, ResourceDeclaration } from "./declaration.ts";
import { mapProperties } from "./property.ts";

/** What an item says, with a name for people: the id, when it has no other. */
export function reportedOf(
  { properties }: Pick<ResourceDeclaration, "properties">,
  id: string,
  item: Item,
): JsonObject {
  const mapped = mapProperties(properties, item);
  const { name } = mapped;
  return name === undefined || name === "" ? { ...mapped, name: id } : mapped;
}
