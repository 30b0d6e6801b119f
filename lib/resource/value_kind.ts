/**
 * Value kinds as trees.
 *
 * @module
 */

import { SIMPLE_KINDS, type ValueKind } from "./kind.ts";

/** One of {@linkcode SIMPLE_KINDS}. */
export type SimpleKind = typeof SIMPLE_KINDS[number];

/** What a value kind says. */
export type ValueKindNode =
  | { readonly type: "simple"; readonly name: SimpleKind }
  | { readonly type: "named"; readonly name: string }
  | { readonly type: "array"; readonly items: ValueKindNode }
  | { readonly type: "dictionary"; readonly values: ValueKindNode };

const SIMPLE: ReadonlySet<string> = new Set(SIMPLE_KINDS);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** Whether a value kind is a simple one. */
export function isSimpleKind(kind: string): kind is SimpleKind {
  return SIMPLE.has(kind);
}

/**
 * Reads a value kind: `string`, `x[]`, `dictionary[string, x]` or a name.
 *
 * @throws SyntaxError when the text is none of them.
 */
export function parseValueKind(kind: ValueKind): ValueKindNode {
  const text = kind.trim();
  if (text.endsWith("[]")) {
    return { type: "array", items: parseValueKind(text.slice(0, -2)) };
  }
  const values = /^dictionary\[\s*string\s*,(.*)\]$/s.exec(text)?.[1];
  if (values !== undefined) {
    return { type: "dictionary", values: parseValueKind(values) };
  }
  if (isSimpleKind(text)) return { type: "simple", name: text };
  if (NAME.test(text)) return { type: "named", name: text };
  throw new SyntaxError(
    `Cannot read value kind "${kind}": expected a simple kind, a name, x[] or dictionary[string, x]`,
  );
}
