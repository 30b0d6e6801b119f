import type { Item, ResourceDeclaration } from "./declaration.ts";
import { parsePath, readFirst } from "./path.ts";

type Declared = Pick<ResourceDeclaration, "id">;

/** The paths that the id of a resource is read from. */
export function idPaths({ id }: Declared): readonly string[] {
  return typeof id === "string" ? [id] : [...id.of, ...id.optional ?? []];
}

/** The text at a path; none counts as an empty one. */
function textAt(path: string, item: Item): string {
  const value = readFirst(parsePath(path), item);
  return typeof value === "string" ? value : "";
}

/** The id of an item, or undefined when it has none. */
export function resourceId({ id }: Declared, item: Item): string | undefined {
  if (typeof id === "string") return textAt(id, item) || undefined;
  const values = id.of.map((path) => textAt(path, item));
  if (values.includes("")) return;
  const more = (id.optional ?? []).map((path) => textAt(path, item));
  return id.read(...values, ...more) || undefined;
}
