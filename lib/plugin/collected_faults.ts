import { nodeId } from "../ids.ts";
import { isDuration } from "../duration.ts";
import { isObject } from "../json.ts";
import { BASE_KINDS } from "../resource/base_kinds.ts";
import type { KindDeclaration, PropertyDeclaration } from "../resource/kind.ts";
import { parseValueKind, type ValueKindNode } from "../resource/value_kind.ts";
import type { CollectedScope } from "./collected_scopes.ts";
import type { PluginManifest } from "./contract.ts";

type Kinds = ReadonlyMap<string, KindDeclaration>;

/** Properties of a kind, its bases' first. */
function propertiesOf(
  kind: KindDeclaration | undefined,
  kinds: Kinds,
): Record<string, PropertyDeclaration> {
  const inherited = (kind?.bases ?? []).map((base) =>
    propertiesOf(kinds.get(base), kinds)
  );
  return Object.assign({}, ...inherited, kind?.properties);
}

function allowsUnknown(
  kind: KindDeclaration | undefined,
  kinds: Kinds,
): boolean {
  return kind?.allowUnknown === true ||
    (kind?.bases ?? []).some((base) => allowsUnknown(kinds.get(base), kinds));
}

/** Whether core would read a value as one of a simple kind. */
function fitsSimple(value: unknown, kind: string): boolean {
  switch (kind) {
    case "any":
      return true;
    case "boolean":
      return typeof value === "boolean" || value === "true" ||
        value === "false";
    case "int32":
    case "int64":
      return Number.isSafeInteger(value) ||
        typeof value === "string" && /^[+-]?\d{1,15}$/.test(value);
    case "float":
    case "double":
      return typeof value === "number" ||
        typeof value === "string" && value.trim() !== "" &&
          Number.isFinite(Number(value));
    case "date":
    case "datetime":
      return typeof value === "string" && !Number.isNaN(Date.parse(value));
    case "duration":
      return typeof value === "string" && isDuration(value);
    default:
      return typeof value === "string";
  }
}

/** Checks values against kinds, and keeps each fault once. */
class Checker {
  readonly #kinds: Kinds;
  readonly faults = new Set<string>();

  constructor(kinds: Kinds) {
    this.#kinds = kinds;
  }

  /** Checks the properties of a node or of a value inside it. */
  properties(
    where: string,
    value: Record<string, unknown>,
    kind: KindDeclaration | undefined,
  ): void {
    const declared = propertiesOf(kind, this.#kinds);
    for (const [name, each] of Object.entries(value)) {
      const property = Object.hasOwn(declared, name)
        ? declared[name]
        : undefined;
      if (property === undefined) {
        if (allowsUnknown(kind, this.#kinds)) continue;
        this.faults.add(`"${where}.${name}" is set, but not declared`);
      } else if (property.synthetic !== undefined) {
        this.faults.add(
          `"${where}.${name}" is set, but computed from "${property.synthetic.from}"`,
        );
      } else if (each !== undefined) {
        this.#value(`${where}.${name}`, each, parseValueKind(property.kind));
      }
    }
    for (const [name, { required }] of Object.entries(declared)) {
      // Core fills in the id of the node.
      if (required !== true || name === "id") continue;
      if ((value[name] ?? null) === null) {
        this.faults.add(`"${where}.${name}" is required, but missing`);
      }
    }
  }

  #wrong(where: string, value: unknown, wanted: string): void {
    const shown = JSON.stringify(value).slice(0, 60);
    this.faults.add(`"${where}" is ${shown}, expected ${wanted}`);
  }

  #value(where: string, value: unknown, kind: ValueKindNode): void {
    if (value === null) return;
    switch (kind.type) {
      case "simple":
        if (fitsSimple(value, kind.name)) return;
        return this.#wrong(where, value, kind.name);
      case "array":
        if (!Array.isArray(value)) return this.#wrong(where, value, "a list");
        for (const each of value) this.#value(`${where}[]`, each, kind.items);
        return;
      case "dictionary":
        if (!isObject(value)) return this.#wrong(where, value, "an object");
        for (const each of Object.values(value)) {
          this.#value(`${where}[]`, each, kind.values);
        }
        return;
      case "named":
        return this.#named(where, value, kind.name);
    }
  }

  #named(where: string, value: unknown, name: string): void {
    const kind = this.#kinds.get(name);
    if (kind === undefined) {
      this.faults.add(`"${where}" is of kind "${name}", which nobody declares`);
    } else if (kind.enum !== undefined) {
      if (kind.enum.includes(value as string)) return;
      this.#wrong(where, value, `one of ${kind.enum.join(", ")}`);
    } else if (!isObject(value)) this.#wrong(where, value, "an object");
    else this.properties(where, value, kind);
  }
}

/**
 * What core would refuse of what a plugin found: properties that are not
 * declared or do not fit, an id that comes twice, an edge that does not touch
 * its scope. Each fault is told once, however many nodes have it.
 */
export function collectedFaults(
  manifest: Pick<PluginManifest, "kinds">,
  scopes: readonly CollectedScope[],
): string[] {
  const kinds: Kinds = new Map(
    [...BASE_KINDS, ...manifest.kinds].map((kind) => [kind.name, kind]),
  );
  const checker = new Checker(kinds);
  for (const scope of scopes) {
    const { kind } = scope;
    const ids = new Set<string>();
    for (const { id, reported } of scope.nodes) {
      if (ids.has(nodeId({ ...scope, id }))) {
        checker.faults.add(`"${kind}" with id "${id}" comes twice in a scope`);
      }
      ids.add(nodeId({ ...scope, id }));
      checker.properties(kind, reported, kinds.get(kind));
    }
    if (scope.edges.some(({ from, to }) => !ids.has(from) && !ids.has(to))) {
      checker.faults.add(
        `an edge of scope "${kind}" touches no resource of that scope`,
      );
    }
  }
  return [...checker.faults];
}
