/**
 * Which kinds there are, and what each of them means.
 *
 * @module
 */

import type { ModelUpdate } from "@skymap/lib/client";
import { hashText } from "@skymap/lib/ids";
import { canonicalJson, type Json } from "@skymap/lib/json";
import {
  BASE_KINDS,
  type KindDeclaration,
  parseValueKind,
  type PropertyDeclaration,
  RESOURCE_KIND,
  type ValueKindNode,
} from "@skymap/lib/resource";
import { checkKinds, type KindProblem } from "./check_kinds.ts";
import { nearestNames } from "./nearest_names.ts";

/** The plugin part of a model update, as it is stored. */
export type PluginModel = ModelUpdate["plugin"];

/** A kind with everything that it has by its bases. */
export interface ResolvedKind {
  /** Its declaration. */
  readonly declaration: KindDeclaration;
  /** Itself, then all its bases, nearest first. */
  readonly kinds: readonly string[];
  /** Own and inherited properties; a kind's own stand before its bases'. */
  readonly properties: ReadonlyMap<string, PropertyDeclaration>;
  /** Whether it or a base lets undeclared properties in. */
  readonly allowUnknown: boolean;
}

/** A property by the kind that declares it. */
export interface PropertyKind {
  /** The kind of resource whose path this is; the one that declares it. */
  readonly owner: string;
  /** Declaration of the last step of the path. */
  readonly property: PropertyDeclaration;
}

/** Who declares the base kinds. */
const BASE_OWNER = "skymap";

/** Whether a step of a path stands for elements of an array. */
function isIndex(step: string): boolean {
  return /^(\d+|\*|\[\d*\*?\])$/.test(step);
}

/**
 * The kinds of one graph: the base kinds, and those of each plugin. Updates are
 * additive: what a plugin declared once stays known, for nodes of it may be
 * stored.
 */
export class KindRegistry {
  readonly #kinds = new Map<string, KindDeclaration>();
  readonly #owners = new Map<string, string>();
  readonly #plugins = new Map<string, PluginModel>();
  readonly #resolved = new Map<string, ResolvedKind>();
  readonly #fingerprints = new Map<string, string>();
  #descendants: Map<string, string[]> | undefined;

  /** Makes a registry that knows the base kinds. */
  constructor() {
    for (const kind of BASE_KINDS) {
      this.#kinds.set(kind.name, kind);
      this.#owners.set(kind.name, BASE_OWNER);
    }
  }

  /**
   * Adds or replaces a plugin's kinds, all or nothing: with problems it changes
   * nothing.
   */
  update(plugin: PluginModel): readonly KindProblem[] {
    const problems = checkKinds(plugin, {
      declaration: (name) => this.#kinds.get(name),
      owner: (name) => this.#owners.get(name),
      containerOwner: (cloud) => this.#cloudOwner(cloud),
    });
    if (problems.length > 0) return problems;
    const before = this.#plugins.get(plugin.name);
    const kept =
      before?.kinds.filter((kind) =>
        !plugin.kinds.some(({ name }) => name === kind.name)
      ) ?? [];
    this.#plugins.set(plugin.name, {
      ...plugin,
      kinds: [...plugin.kinds, ...kept],
    });
    for (const kind of plugin.kinds) {
      this.#kinds.set(kind.name, kind);
      this.#owners.set(kind.name, plugin.name);
    }
    this.#resolved.clear();
    this.#fingerprints.clear();
    this.#descendants = undefined;
    return [];
  }

  #cloudOwner(cloud: string): PluginModel | undefined {
    for (const plugin of this.#plugins.values()) {
      if (plugin.cloud === cloud) return plugin;
    }
    return undefined;
  }

  /** Every plugin's model, as it has to be stored. */
  plugins(): readonly PluginModel[] {
    return [...this.#plugins.values()];
  }

  /** Every kind: base kinds first, then in the order of declaration. */
  all(): readonly KindDeclaration[] {
    return [...this.#kinds.values()];
  }

  /** Whether a kind is known. */
  has(kind: string): boolean {
    return this.#kinds.has(kind);
  }

  /** Whether a kind is one of resources: it descends from `resource`. */
  isResource(kind: string): boolean {
    return this.resolve(kind)?.kinds.includes(RESOURCE_KIND) ?? false;
  }

  /** Name of the plugin that declares a kind; `skymap` for base kinds. */
  owner(kind: string): string | undefined {
    return this.#owners.get(kind);
  }

  /** A kind's own declaration. */
  declaration(kind: string): KindDeclaration | undefined {
    return this.#kinds.get(kind);
  }

  /** Kinds of a cloud's accounts and regions. */
  containers(cloud: string): PluginModel["containers"] | undefined {
    return this.#cloudOwner(cloud)?.containers;
  }

  /** A kind with everything that it has by its bases. */
  resolve(kind: string): ResolvedKind | undefined {
    const known = this.#resolved.get(kind);
    if (known !== undefined) return known;
    const declaration = this.#kinds.get(kind);
    if (declaration === undefined) return undefined;
    const kinds = [kind];
    // Nearest first: all direct bases, then theirs.
    for (let at = 0; at < kinds.length; at++) {
      for (const base of this.#kinds.get(kinds[at] ?? "")?.bases ?? []) {
        if (!kinds.includes(base)) kinds.push(base);
      }
    }
    const properties = new Map<string, PropertyDeclaration>();
    let allowUnknown = false;
    for (const name of kinds) {
      const part = this.#kinds.get(name);
      allowUnknown ||= part?.allowUnknown ?? false;
      for (const [key, value] of Object.entries(part?.properties ?? {})) {
        if (!properties.has(key)) properties.set(key, value);
      }
    }
    const resolved = { declaration, kinds, properties, allowUnknown };
    this.#resolved.set(kind, resolved);
    return resolved;
  }

  /** The kind and all its bases, nearest first; empty when it is unknown. */
  kindsOf(kind: string): readonly string[] {
    return this.resolve(kind)?.kinds ?? [];
  }

  /** The kinds that are or descend from a kind, sorted; none when unknown. */
  concrete(kind: string): readonly string[] {
    if (this.#descendants === undefined) {
      const all = new Map<string, string[]>();
      for (const name of [...this.#kinds.keys()].sort()) {
        for (const base of this.kindsOf(name)) {
          const list = all.get(base);
          if (list === undefined) all.set(base, [name]);
          else list.push(name);
        }
      }
      this.#descendants = all;
    }
    return this.#descendants.get(kind) ?? [];
  }

  /**
   * The declaration that a path below `reported` ends at, for resources of a
   * kind. Steps that are numbers or `*` stand for elements of an array, and may
   * be left out.
   */
  property(
    kind: string,
    path: readonly string[],
  ): PropertyDeclaration | undefined {
    const first = path[0];
    if (first === undefined) return undefined;
    let property = this.resolve(kind)?.properties.get(first);
    for (let at = 1; at < path.length && property !== undefined; at++) {
      property = this.#step(property, path, at);
      if (property === undefined) return undefined;
      if (property.kind === "any") return property;
    }
    return property;
  }

  #step(
    property: PropertyDeclaration,
    path: readonly string[],
    at: number,
  ): PropertyDeclaration | undefined {
    const step = path[at] ?? "";
    let node = parseValueKind(property.kind);
    if (node.type === "array" && isIndex(step)) return asProperty(node.items);
    while (node.type === "array") node = node.items;
    if (node.type === "dictionary") return asProperty(node.values);
    if (node.type === "named") {
      const inner = this.resolve(node.name);
      const found = inner?.properties.get(step);
      if (found !== undefined) return found;
      return inner?.allowUnknown === true ? { kind: "any" } : undefined;
    }
    return node.name === "any" ? { kind: "any" } : undefined;
  }

  /**
   * What a path below `reported` is, over all kinds of resources; each kind that
   * declares the first step itself is named once.
   */
  propertyKinds(path: readonly string[]): readonly PropertyKind[] {
    const first = path[0];
    if (first === undefined) return [];
    const found: PropertyKind[] = [];
    for (const [owner, { properties }] of this.#kinds) {
      if (properties === undefined || !Object.hasOwn(properties, first)) {
        continue;
      }
      if (!this.isResource(owner)) continue;
      const property = this.property(owner, path);
      if (property !== undefined) found.push({ owner, property });
    }
    return found;
  }

  /** The kinds of resources that have every one of the paths, sorted. */
  owners(paths: readonly (readonly string[])[]): readonly string[] {
    return this.concrete(RESOURCE_KIND).filter((kind) =>
      paths.every((path) => this.property(kind, path) !== undefined)
    );
  }

  /** Changes whenever the meaning of a kind does, as 26 characters. */
  fingerprint(kind: string): string {
    const known = this.#fingerprints.get(kind);
    if (known !== undefined) return known;
    const seen = new Map<string, Json>();
    this.#collect(kind, seen);
    const text = canonicalJson(Object.fromEntries(seen));
    const fingerprint = hashText(text);
    this.#fingerprints.set(kind, fingerprint);
    return fingerprint;
  }

  /** Gathers a kind, its bases and the kinds of its values. */
  #collect(kind: string, seen: Map<string, Json>): void {
    if (seen.has(kind)) return;
    const declaration = this.#kinds.get(kind);
    if (declaration === undefined) return;
    const { bases = [], properties = {}, enum: values } = declaration;
    seen.set(kind, {
      bases,
      enum: values ?? null,
      allowUnknown: declaration.allowUnknown ?? false,
      properties: Object.entries(properties).map(([name, property]) => [
        name,
        property.kind,
        property.required ?? false,
        property.synthetic?.from ?? null,
        property.ignoreHistory ?? false,
      ]),
    });
    for (const base of bases) this.#collect(base, seen);
    for (const property of Object.values(properties)) {
      const inner = innermost(parseValueKind(property.kind));
      if (inner.type === "named") this.#collect(inner.name, seen);
    }
  }

  /** Known names that a misspelt one may mean, best first, at most three. */
  suggestions(name: string): readonly string[] {
    return nearestNames(name, this.concrete(RESOURCE_KIND));
  }
}

/** The kind of the elements of arrays and dictionaries, however deep. */
function innermost(node: ValueKindNode): ValueKindNode {
  if (node.type === "array") return innermost(node.items);
  if (node.type === "dictionary") return innermost(node.values);
  return node;
}

function asProperty(node: ValueKindNode): PropertyDeclaration {
  return { kind: printValueKind(node) };
}

function printValueKind(node: ValueKindNode): string {
  switch (node.type) {
    case "array":
      return `${printValueKind(node.items)}[]`;
    case "dictionary":
      return `dictionary[string, ${printValueKind(node.values)}]`;
    default:
      return node.name;
  }
}
