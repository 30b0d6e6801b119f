/**
 * Paths of a filter on whole nodes.
 *
 * @module
 */

import type { Path, PathItem } from "../query/ast.ts";
import type { FilterScope } from "./compile_filter.ts";
import type { Field } from "./field.ts";
import { isEach } from "./json_path.ts";
import { mergeOf, type RelativeKey, type Resolver } from "./resolver.ts";

/** An answer of a sub search, as a column. */
export interface MergedColumn {
  /** Where it stands in the node. */
  readonly name: readonly string[];
  /** SQL of its JSON text. */
  readonly document: string;
  /** Whether it holds rows of an aggregation and not nodes. */
  readonly isAggregate: boolean;
  /** Whether it holds all hits. */
  readonly isList: boolean;
  /** Whether it was only made for a comparison, and is not shown. */
  readonly isHidden: boolean;
}

/** Parts of a node that a step behind a merge may name. */
export const NODE_PARTS: ReadonlySet<string> = new Set([
  "id",
  "kinds",
  "type",
  "reported",
  "desired",
  "metadata",
  "ancestors",
]);

/** Name of the hidden merge of a container or part. */
export function relativeName({ side, kind }: RelativeKey): readonly string[] {
  return [side, kind];
}

/** Resolves paths for a row of the node table and what was merged to it. */
export class NodeScope implements FilterScope {
  readonly alias: string;
  readonly #resolver: Resolver;
  readonly #merged: readonly MergedColumn[];

  /** Makes a scope for the row at an SQL alias. */
  constructor(
    resolver: Resolver,
    alias: string,
    merged: readonly MergedColumn[] = [],
  ) {
    this.#resolver = resolver;
    this.alias = alias;
    this.#merged = merged;
  }

  /** The field of a path. */
  field(path: Path): Field {
    const names = this.#merged.map(({ name }) => name);
    const items = this.#resolver.absolute(path, names);
    const name = mergeOf(items, names);
    const merged = this.#merged.find((column) => column.name === name);
    if (merged !== undefined) {
      return this.#mergedField(path, merged, items.slice(merged.name.length));
    }
    return this.#resolver.nodeField(path, items, this.alias);
  }

  #mergedField(
    path: Path,
    { document, isAggregate }: MergedColumn,
    items: readonly PathItem[],
  ): Field {
    if (isAggregate) return { path, document, items, type: "any" };
    const lead = items.findIndex((item) => "key" in item);
    const first = items[lead];
    if (first === undefined || !("key" in first)) {
      return { path, document, items, type: "any" };
    }
    // "x.name" is short for "x.reported.name".
    const whole = NODE_PARTS.has(first.key)
      ? items
      : [...items.slice(0, lead), { key: "reported" }, ...items.slice(lead)];
    const section = whole[lead];
    const inner = whole.slice(lead + 1);
    const isReported = section !== undefined && "key" in section &&
      section.key === "reported" && inner.length > 0;
    const known = isReported ? this.#resolver.model.reported(inner) : undefined;
    if (isReported && known === undefined) {
      throw this.#resolver.unknownProperty(path, inner);
    }
    if (known?.ageOf !== undefined) {
      return {
        path,
        document,
        items: [...whole.slice(0, -1), { key: known.ageOf }],
        type: "datetime",
        isAge: true,
      };
    }
    return {
      path,
      document,
      items: whole,
      type: known?.type ?? "any",
      ...(known !== undefined && !whole.slice(0, lead).some(isEach) &&
        { declared: inner }),
    };
  }
}
