/**
 * How the path of a property may go on.
 *
 * @module
 */

import type { PathCompletionJson } from "@skymap/lib/client";
import { parseValueKind, RESOURCE_KIND } from "@skymap/lib/resource";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { Path, PathItem } from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import { readProperty } from "./property_values.ts";
import type { Resolver } from "./resolver.ts";

/** A path whose last step is not finished: `tags.own`. */
export interface BegunPath {
  /** What is finished; undefined at the first step. */
  readonly path?: Path;
  /** Whether it starts at the node itself. */
  readonly absolute: boolean;
  /** The beginning of the next step. */
  readonly start: string;
}

/** What the model says of the next step. */
export interface DeclaredSteps {
  /** The steps, sorted. */
  readonly steps: readonly PathCompletionJson[];
  /** Whether nodes may have others. */
  readonly isOpen: boolean;
}

/** Parts of a node that hold properties. */
const SECTIONS: readonly string[] = ["reported", "desired", "metadata"];

/** Reads a path that somebody is still writing. */
export function readBegunPath(text: string): BegunPath {
  const [, head = "", start = ""] = /^(.*\.)?`?([^`.]*)$/s.exec(text) ??
    [undefined, `${text}.`];
  const absolute = text.startsWith("/");
  const finished = head.replace(/\.$/, "");
  return finished === "" || finished === "/"
    ? { absolute, start: absolute ? start.replace(/^\//, "") : start }
    : { path: readProperty(finished).path, absolute, start };
}

function completion(
  { path, absolute }: BegunPath,
  key: string,
  more: Pick<PathCompletionJson, "kind" | "description" | "source">,
): PathCompletionJson {
  const items: readonly PathItem[] = [...path?.items ?? [], { key }];
  return { path: printPath({ type: "path", absolute, items }), key, ...more };
}

/** A step that nodes have and nobody declared. */
export function observedStep(
  begun: BegunPath,
  key: string,
): PathCompletionJson {
  return completion(begun, key, { kind: "any", source: "observed" });
}

/** The kind inside of arrays and dictionaries. */
function innermost(kind: string): string {
  let node = parseValueKind(kind);
  while (node.type !== "simple" && node.type !== "named") {
    node = node.type === "array" ? node.items : node.values;
  }
  return node.name;
}

interface Found {
  readonly kinds: Set<string>;
  description?: string;
}

/** Gathers what a kind declares. */
class Steps {
  readonly #registry: KindRegistry;
  readonly found: Map<string, Found> = new Map();
  isOpen = false;

  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  ofKind(name: string): void {
    const resolved = this.#registry.resolve(name);
    if (resolved === undefined) {
      this.isOpen ||= name === "any";
      return;
    }
    this.isOpen ||= resolved.allowUnknown;
    for (const [key, { kind, description }] of resolved.properties) {
      const found = this.found.get(key) ?? { kinds: new Set() };
      found.kinds.add(kind);
      if (description !== undefined) found.description ??= description;
      this.found.set(key, found);
    }
  }

  ofProperty(kind: string, path: readonly string[]): void {
    const property = this.#registry.property(kind, path);
    if (property === undefined) return;
    const node = parseValueKind(property.kind);
    if (node.type === "dictionary") this.isOpen = true;
    else this.ofKind(innermost(property.kind));
  }
}

/**
 * What the model says of the next step of a path, over nodes of these kinds or
 * of any.
 *
 * @throws SkymapError `query_invalid`, if a kind is unknown.
 */
export function declaredSteps(
  resolver: Resolver,
  begun: BegunPath,
  kinds: readonly string[],
): DeclaredSteps {
  const { registry } = resolver.model;
  const concrete = kinds.length === 0
    ? registry.concrete(RESOURCE_KIND)
    : resolver.kinds(begun, kinds);
  const start = begun.start.toLowerCase();
  const fits = (key: string) => key.toLowerCase().startsWith(start);
  if (begun.path === undefined && begun.absolute) {
    const steps = SECTIONS.filter(fits).map((key) =>
      completion(begun, key, { kind: "object", source: "model" })
    );
    return { steps, isOpen: false };
  }
  const [root, ...rest] = begun.path === undefined
    ? [{ key: "reported" }]
    : resolver.absolute(begun.path, []);
  if (root === undefined || !("key" in root) || root.key !== "reported") {
    return { steps: [], isOpen: true };
  }
  const path = rest.map((item) =>
    "key" in item ? item.key : String(item.index)
  );
  const steps = new Steps(registry);
  for (const kind of concrete) {
    if (path.length === 0) steps.ofKind(kind);
    else steps.ofProperty(kind, path);
  }
  return {
    steps: [...steps.found]
      .filter(([key]) => fits(key))
      .sort(([one], [two]) => one < two ? -1 : 1)
      .map(([key, { kinds, description }]) =>
        completion(begun, key, {
          kind: [...kinds].sort().join(" | "),
          source: "model",
          ...(description !== undefined && { description }),
        })
      ),
    isOpen: steps.isOpen,
  };
}
