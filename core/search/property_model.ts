/**
 * What the model says about the properties that a search names.
 *
 * @module
 */

import { parseValueKind, type ValueKindNode } from "@skymap/lib/resource";
import type { KindRegistry } from "../model/kind_registry.ts";
import { nearestNames } from "../model/nearest_names.ts";
import type { PathItem } from "../query/ast.ts";
import type { ValueType } from "./field.ts";

/** What is known of a property. */
export interface PropertyFacts {
  /** How its values compare. */
  readonly type: ValueType;
  /** The only values it may have. */
  readonly values?: readonly string[];
  /** The property it is the age of. */
  readonly ageOf?: string;
  /** The kinds that have it, sorted; undefined when any kind may. */
  readonly kinds?: readonly string[];
}

const TYPES: Readonly<Record<string, ValueType>> = {
  string: "string",
  int32: "number",
  int64: "number",
  float: "number",
  double: "number",
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  duration: "string",
};

/** Kinds of metadata that core itself writes. */
const METADATA: Readonly<Record<string, ValueType>> = {
  cleaned: "boolean",
  protected: "boolean",
  phantom: "boolean",
  replace: "boolean",
  expires: "datetime",
  exported_at: "datetime",
  descendant_count: "number",
};

/** Root of all kinds of resources. */
const RESOURCE = "resource";

function steps(items: readonly PathItem[]): string[] {
  return items.map((item) => "key" in item ? item.key : String(item.index));
}

/** Looks properties up, and remembers what it found. */
export class PropertyModel {
  readonly #registry: KindRegistry;
  readonly #known = new Map<string, PropertyFacts | undefined>();
  #open: readonly string[] | undefined;

  /** Looks up in a registry; make another one when that has changed. */
  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  /** The registry. */
  get registry(): KindRegistry {
    return this.#registry;
  }

  /** A property below `reported`; undefined when no kind can have it. */
  reported(items: readonly PathItem[]): PropertyFacts | undefined {
    const path = steps(items);
    const key = path.join("\0");
    if (this.#known.has(key)) return this.#known.get(key);
    const facts = this.#find(path);
    this.#known.set(key, facts);
    return facts;
  }

  /** How values of a property below `metadata` compare. */
  metadata(items: readonly PathItem[]): ValueType {
    const [first, ...rest] = steps(items);
    return rest.length === 0 ? METADATA[first ?? ""] ?? "any" : "any";
  }

  /** The first step that no kind has; the last one when each may be. */
  unknownStep(items: readonly PathItem[]): number {
    const at = items.findIndex((_, step) =>
      this.reported(items.slice(0, step + 1)) === undefined
    );
    return at === -1 ? items.length - 1 : at;
  }

  /** Names that the first unknown step may mean. */
  suggestions(items: readonly PathItem[]): readonly string[] {
    const at = this.unknownStep(items);
    return nearestNames(
      steps(items)[at] ?? "",
      this.#namesBelow(items.slice(0, at)),
    );
  }

  #find(path: readonly string[]): PropertyFacts | undefined {
    const registry = this.#registry;
    const found = registry.propertyKinds(path);
    const open = this.#openKinds();
    if (found.length === 0) {
      return open.length > 0 ? { type: "any" } : undefined;
    }
    const types = new Set<ValueType>();
    const values = new Set<string>();
    // Kinds that take any property may give it any value.
    let enums = open.length === 0;
    let ageOf: string | undefined;
    const kinds = new Set<string>(open);
    for (const { owner, property } of found) {
      const node = parseValueKind(property.kind);
      types.add(this.#type(node));
      const allowed = this.#values(node);
      if (allowed === undefined) enums = false;
      else for (const value of allowed) values.add(value);
      ageOf ??= property.synthetic?.from;
      for (const kind of registry.concrete(owner)) kinds.add(kind);
    }
    const [type = "any"] = types;
    const everywhere = found.some(({ owner }) => owner === RESOURCE);
    return {
      type: types.size === 1 ? type : "any",
      ...(enums && { values: [...values] }),
      ...(ageOf !== undefined && { ageOf }),
      ...(!everywhere && { kinds: [...kinds].sort() }),
    };
  }

  #type(node: ValueKindNode): ValueType {
    if (node.type === "simple") return TYPES[node.name] ?? "any";
    if (node.type !== "named") return "any";
    return this.#values(node) === undefined ? "any" : "string";
  }

  #values(node: ValueKindNode): readonly string[] | undefined {
    if (node.type !== "named") return undefined;
    return this.#registry.declaration(node.name)?.enum;
  }

  /** Kinds of resources that take properties which nobody declared. */
  #openKinds(): readonly string[] {
    return this.#open ??= this.#registry.concrete(RESOURCE).filter((kind) =>
      this.#registry.resolve(kind)?.allowUnknown === true
    );
  }

  #namesBelow(items: readonly PathItem[]): readonly string[] {
    const names = new Set<string>();
    const registry = this.#registry;
    const kinds = items.length === 0
      ? registry.concrete(RESOURCE)
      : registry.propertyKinds(steps(items))
        .map(({ property }) => innermostName(parseValueKind(property.kind)));
    for (const kind of kinds) {
      const properties = kind === undefined
        ? undefined
        : registry.resolve(kind)?.properties;
      for (const name of properties?.keys() ?? []) names.add(name);
    }
    return [...names];
  }
}

function innermostName(node: ValueKindNode): string | undefined {
  if (node.type === "array") return innermostName(node.items);
  if (node.type === "dictionary") return innermostName(node.values);
  return node.type === "named" ? node.name : undefined;
}
