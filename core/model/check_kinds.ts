/**
 * Whether a plugin's kinds can live beside those that are known.
 *
 * @module
 */

import type { ModelUpdate } from "@skymap/lib/client";
import {
  type KindDeclaration,
  parseValueKind,
  RESOURCE_KIND,
  type ValueKindNode,
} from "@skymap/lib/resource";

/** Why a plugin's kinds are refused. */
export interface KindProblem {
  /** An error code. */
  readonly code: "kind_conflict" | "kind_unknown";
  /** The kind in question. */
  readonly kind: string;
  /** What is wrong. */
  readonly message: string;
}

/** What is known already. */
export interface KnownKinds {
  /** A kind by its name. */
  declaration(name: string): KindDeclaration | undefined;
  /** The plugin that declares a kind. */
  owner(name: string): string | undefined;
  /** The plugin that describes the containers of a cloud. */
  containerOwner(cloud: string): ModelUpdate["plugin"] | undefined;
}

/** Every problem of a plugin's kinds; none when they can be added. */
export function checkKinds(
  plugin: ModelUpdate["plugin"],
  known: KnownKinds,
): readonly KindProblem[] {
  const problems: KindProblem[] = [];
  const own = new Map(plugin.kinds.map((kind) => [kind.name, kind]));
  const find = (name: string): KindDeclaration | undefined =>
    own.get(name) ?? known.declaration(name);
  const add = (
    code: KindProblem["code"],
    kind: string,
    message: string,
  ): void => {
    problems.push({ code, kind, message });
  };
  const cloudOwner = known.containerOwner(plugin.cloud);
  for (const role of ["account", "region"] as const) {
    const other = cloudOwner?.containers[role];
    if (cloudOwner === undefined || other === plugin.containers[role]) continue;
    // Plugins may share a cloud; its nodes hang below the same containers then.
    if (cloudOwner.name === plugin.name) continue;
    add(
      "kind_conflict",
      plugin.containers[role],
      `Container "${role}" of cloud "${plugin.cloud}" is "${other}" for plugin "${cloudOwner.name}" and "${
        plugin.containers[role]
      }" for plugin "${plugin.name}"`,
    );
  }
  for (const name of own.keys()) {
    const owner = known.owner(name);
    if (owner !== undefined && owner !== plugin.name) {
      add(
        "kind_conflict",
        name,
        `Kind "${name}" is declared by "${owner}", plugin "${plugin.name}" declares it too`,
      );
    }
  }
  for (const kind of own.values()) {
    for (const base of kind.bases ?? []) {
      if (find(base) === undefined) {
        add(
          "kind_unknown",
          kind.name,
          `Kind "${kind.name}" has the base "${base}", which nobody declares`,
        );
      }
    }
    for (const other of kind.deletedAfter ?? []) {
      if (find(other) === undefined) {
        add(
          "kind_unknown",
          kind.name,
          `Kind "${kind.name}" is deleted after "${other}", which nobody declares`,
        );
      }
    }
    if (isOwnBase(kind.name, find)) {
      add(
        "kind_conflict",
        kind.name,
        `Kind "${kind.name}" is a base of itself`,
      );
      continue;
    }
    for (const [name, property] of Object.entries(kind.properties ?? {})) {
      const problem = checkValueKind(property.kind, find);
      if (problem !== undefined) {
        add(
          "kind_unknown",
          kind.name,
          `Property "${kind.name}.${name}" ${problem}`,
        );
      }
      const other = inherited(kind, name, find);
      if (other !== undefined && !isNarrower(property.kind, other.kind, find)) {
        add(
          "kind_conflict",
          kind.name,
          `Property "${kind.name}.${name}" is "${property.kind}", its base "${other.owner}" declares it as "${other.kind}"`,
        );
      }
    }
  }
  for (const role of ["account", "region"] as const) {
    const name = plugin.containers[role];
    if (!bases(name, find).has(RESOURCE_KIND)) {
      add(
        "kind_unknown",
        name,
        `Container "${role}" of plugin "${plugin.name}" is "${name}", which is no kind of a resource`,
      );
    }
  }
  return problems;
}

type Find = (name: string) => KindDeclaration | undefined;

/** All bases of a kind and the kind itself, cycles or not. */
function bases(kind: string, find: Find): Set<string> {
  const all = new Set<string>([kind]);
  for (const name of all) {
    for (const base of find(name)?.bases ?? []) all.add(base);
  }
  return all;
}

function isOwnBase(kind: string, find: Find): boolean {
  return (find(kind)?.bases ?? []).some((base) => bases(base, find).has(kind));
}

/** What a base says of a property that a kind declares again. */
function inherited(
  kind: KindDeclaration,
  property: string,
  find: Find,
): { readonly owner: string; readonly kind: string } | undefined {
  for (const name of bases(kind.name, find)) {
    if (name === kind.name) continue;
    const declared = find(name)?.properties?.[property];
    if (declared !== undefined) return { owner: name, kind: declared.kind };
  }
  return undefined;
}

/** Whether every value of a kind is one of the other: searches rely on it. */
function isNarrower(kind: string, other: string, find: Find): boolean {
  if (kind === other || other === "any") return true;
  let node: ValueKindNode;
  let wide: ValueKindNode;
  try {
    [node, wide] = [parseValueKind(kind), parseValueKind(other)];
  } catch {
    // Reported as what it is already.
    return true;
  }
  if (node.type === "array" && wide.type === "array") {
    return isNarrower(kind.slice(0, -2), other.slice(0, -2), find);
  }
  if (node.type === "dictionary" && wide.type === "dictionary") return true;
  if (node.type === "named" && wide.type === "named") {
    return bases(node.name, find).has(wide.name);
  }
  const name = node.type === "named" && find(node.name)?.enum !== undefined
    ? "string"
    : kind;
  return name === other || WIDER[name]?.includes(other) === true;
}

const WIDER: Readonly<Record<string, readonly string[]>> = {
  int32: ["int64", "float", "double"],
  int64: ["float", "double"],
  float: ["double"],
  date: ["datetime"],
};

/** What is wrong with the kind of a property's values. */
function checkValueKind(kind: string, find: Find): string | undefined {
  let node: ValueKindNode;
  try {
    node = parseValueKind(kind);
  } catch (error) {
    return error instanceof Error ? `is wrong: ${error.message}` : "is wrong";
  }
  while (node.type === "array" || node.type === "dictionary") {
    node = node.type === "array" ? node.items : node.values;
  }
  if (node.type === "simple" || find(node.name) !== undefined) return undefined;
  return `has values of kind "${node.name}", which nobody declares`;
}
