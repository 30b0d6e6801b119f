/**
 * Paths of a filter on changes.
 *
 * @module
 */

import { CHANGE_TYPES } from "../graph/history.ts";
import type { Filter, Path } from "../query/ast.ts";
import { printPath } from "../query/print.ts";
import type { FilterScope } from "./compile_filter.ts";
import type { Field } from "./field.ts";
import type { Resolver } from "./resolver.ts";

/** Parts of a row that belong to the change and not to the node. */
const CHANGE_PARTS = new Set(["change", "changed_at", "run", "type"]);

/** Resolves paths for a node as it was at a change. */
export class ChangeScope implements FilterScope {
  /** Where the node is. */
  readonly alias = "n";
  /** Whether anything reads the version before. */
  readsBefore = false;
  /** Whether anything reads the change, and not the node alone. */
  readsChange = false;
  readonly #resolver: Resolver;
  /** Alias of the row that holds the change. */
  readonly #change: string;

  /** Takes the alias of the row that holds the change; that of the node is `n`. */
  constructor(resolver: Resolver, change: string) {
    this.#resolver = resolver;
    this.#change = change;
  }

  /** The field of a path. */
  field(path: Path): Field {
    const items = this.#resolver.absolute(path, []);
    const [first, ...rest] = items;
    const root = first !== undefined && "key" in first ? first.key : "";
    const own = this.#own(path, root, rest.length > 0);
    if (own !== undefined) return own;
    this.readsChange ||= root === "before" || root === "changed";
    if (root === "before") {
      this.readsBefore = true;
      const document = this.#change === "n" ? "p.reported" : "null::varchar";
      return this.#resolver.reportedField(path, rest, document);
    }
    if (root === "changed") {
      const document = this.#change === "n" ? "n.changed" : "null::varchar";
      return { path, document, items: rest, type: "any" };
    }
    if (this.#resolver.relative(items) !== undefined) {
      throw this.#resolver.invalid(
        path,
        `"${printPath(path)}" is looked for along the edges, which the ` +
          "history of a node does not hold",
      );
    }
    return this.#resolver.nodeField(path, items, this.alias);
  }

  #own(path: Path, root: string, hasParts: boolean): Field | undefined {
    if (!CHANGE_PARTS.has(root)) return undefined;
    this.readsChange = true;
    if (hasParts) {
      throw this.#resolver.invalid(path, `"${printPath(path)}" has no parts`);
    }
    const whole = { path, document: "null", items: [] };
    const column = `${this.#change}.h_${root}`;
    if (root === "changed_at") return { ...whole, column, type: "datetime" };
    return {
      ...whole,
      column,
      type: "string",
      ...(root === "change" && { values: CHANGE_TYPES }),
      ...(root === "type" && { values: ["node", "edge"] }),
    };
  }
}

/** Whether a filter reads the change alone, so that no node need be there. */
export function isOfChange(resolver: Resolver, filter: Filter): boolean {
  switch (filter.type) {
    case "all":
      return true;
    case "predicate": {
      const [first] = resolver.absolute(filter.path, []);
      return first !== undefined && "key" in first &&
        CHANGE_PARTS.has(first.key);
    }
    case "not":
      return isOfChange(resolver, filter.filter);
    case "combine":
      return isOfChange(resolver, filter.left) &&
        isOfChange(resolver, filter.right);
    default:
      return false;
  }
}
