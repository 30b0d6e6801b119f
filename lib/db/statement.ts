/**
 * Names in statements.
 *
 * @module
 */

/**
 * A name as it may stand in a statement: in backticks, with backslash and
 * backtick escaped, so that no name reaches out of its place. Values are bound
 * and never come here. (The SDK's own function of this name can be broken out
 * of, because it leaves backslashes as they are.)
 *
 * @example
 * ```ts
 * import { escapeIdent } from "@skymap/lib/db";
 *
 * if (escapeIdent("a`b") !== "`a\\`b`") throw new Error("not escaped");
 * ```
 */
export function escapeIdent(name: string): string {
  return "`" + name.replace(/[\\`]/g, (sign) => "\\" + sign) + "`";
}
