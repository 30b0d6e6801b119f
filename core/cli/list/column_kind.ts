/**
 * What the values of a column are.
 *
 * @module
 */

import type {
  KindDeclaration,
  PropertyDeclaration,
} from "@skymap/lib/resource";
import type { Path } from "../../query/ast.ts";

const SECTIONS: ReadonlySet<string> = new Set(["reported", "desired"]);

/** Keys below a section of a node; undefined for what lies elsewhere. */
function keysBelow(
  { absolute, items }: Path,
  section: string,
): readonly string[] | undefined {
  const keys = items.flatMap((item) => "key" in item ? [item.key] : []);
  if (keys.length < items.length) return;
  const [first = "", ...rest] = keys;
  if (!absolute) return SECTIONS.has(section) ? keys : undefined;
  if (first === "ancestors") return rest.slice(2);
  return SECTIONS.has(first) ? rest : undefined;
}

/** The kind of a property as the kinds declare it; `any` where they differ. */
export function columnKind(
  path: Path | undefined,
  section: string,
  kinds: readonly KindDeclaration[],
): string {
  const keys = path === undefined ? undefined : keysBelow(path, section);
  if (keys === undefined || keys.length === 0) return "any";
  let owners = kinds;
  let found: readonly string[] = [];
  for (const key of keys) {
    const declared = owners.flatMap(({ properties = {} }) => {
      const property: PropertyDeclaration | undefined =
        Object.hasOwn(properties, key) ? properties[key] : undefined;
      return property === undefined ? [] : [property.kind];
    });
    found = [...new Set(declared)];
    owners = kinds.filter(({ name }) => found.includes(name));
  }
  const [kind, other] = found;
  return kind === undefined || other !== undefined ? "any" : kind;
}
