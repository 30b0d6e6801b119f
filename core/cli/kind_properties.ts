/**
 * Properties of kinds, with those of their bases.
 *
 * @module
 */

import type {
  KindDeclaration,
  PropertyDeclaration,
} from "@skymap/lib/resource";
import type { Path } from "../query/ast.ts";

/** A property of a kind. */
export interface KindProperty {
  /** Its name. */
  readonly property: string;
  /** Kind of its value. */
  readonly kind: string;
  /** Set when a node without it is refused. */
  readonly required?: true;
  /** The base that declares it. */
  readonly from?: string;
  /** What it means. */
  readonly description?: string;
}

/** A kind that declares a property. */
export interface PropertyOwner {
  /** The kind. */
  readonly name: string;
  /** The path of the property. */
  readonly property: string;
  /** Kind of its value. */
  readonly kind: string;
  /** What it means. */
  readonly description?: string;
}

type ByName = ReadonlyMap<string, KindDeclaration>;

function byName(kinds: readonly KindDeclaration[]): ByName {
  return new Map(kinds.map((kind) => [kind.name, kind]));
}

/** A kind and all its bases, itself first. */
function lineage(kind: KindDeclaration, known: ByName): KindDeclaration[] {
  const found = new Set<KindDeclaration>([kind]);
  // A set is walked while it grows.
  for (const each of found) {
    for (const base of each.bases ?? []) {
      const next = known.get(base);
      if (next !== undefined) found.add(next);
    }
  }
  return [...found];
}

/** The properties of a kind: its own first, then those of its bases. */
export function inheritedProperties(
  kind: KindDeclaration,
  kinds: readonly KindDeclaration[],
): readonly KindProperty[] {
  const seen = new Set<string>();
  return lineage(kind, byName(kinds)).flatMap(({ name, properties = {} }) =>
    Object.entries(properties).flatMap(([property, declared]) => {
      if (seen.has(property)) return [];
      seen.add(property);
      return [{
        property,
        kind: declared.kind,
        ...(declared.required === true && { required: true as const }),
        ...(name !== kind.name && { from: name }),
        ...(declared.description !== undefined && {
          description: declared.description,
        }),
      }];
    })
  );
}

/** The kind of the elements of an array or dictionary; others are themselves. */
function elementKind(kind: string): string {
  return kind.replace(/(?:\[\])+$/, "")
    .replace(/^dictionary\[\s*string\s*,\s*(.*)\]$/, "$1");
}

function declaredIn(
  kind: KindDeclaration,
  keys: readonly string[],
  known: ByName,
): PropertyDeclaration | undefined {
  const [key = "", ...rest] = keys;
  const declared = Object.hasOwn(kind.properties ?? {}, key)
    ? kind.properties?.[key]
    : undefined;
  if (declared === undefined || rest.length === 0) return declared;
  if (/^dictionary\[/.test(declared.kind) && rest.length === 1) {
    return { kind: elementKind(declared.kind) };
  }
  const inner = known.get(elementKind(declared.kind));
  if (inner === undefined) return;
  for (const each of lineage(inner, known)) {
    const found = declaredIn(each, rest, known);
    if (found !== undefined) return found;
  }
}

/** The kinds that declare a property themselves. */
export function propertyOwners(
  path: Path,
  kinds: readonly KindDeclaration[],
): readonly PropertyOwner[] {
  const known = byName(kinds);
  const keys = path.items.flatMap((item) => "key" in item ? [item.key] : []);
  return kinds.flatMap((kind) => {
    const found = declaredIn(kind, keys, known);
    return found === undefined ? [] : [{
      name: kind.name,
      property: keys.join("."),
      kind: found.kind,
      ...(found.description !== undefined && {
        description: found.description,
      }),
    }];
  });
}
