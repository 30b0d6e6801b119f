const TOKEN =
  // deno-lint-ignore no-control-regex -- JSON forbids them in texts
  /[ \t\r\n]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])|true\b|false\b|null\b))/y;

/** What may follow, by the place in the grammar. */
type Want = "value" | "key" | "colon" | "comma" | "first-key" | "first-value";

/**
 * Where a text stops being JSON, from 0; its length when it only ends too early.
 * `JSON.parse` does not always say.
 */
export function jsonFault(text: string): number {
  const open: string[] = [];
  let want: Want | "end" = "value";
  let at = 0;
  for (;;) {
    const start = at + (/^[ \t\r\n]*/.exec(text.slice(at))?.[0].length ?? 0);
    if (start >= text.length) return text.length;
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return start;
    const [, sign, string] = found;
    const next = follow(want, sign, string !== undefined, open);
    if (next === undefined) return start;
    want = next;
    at = TOKEN.lastIndex;
  }
}

function afterValue(open: readonly string[]): Want | "end" {
  return open.length === 0 ? "end" : "comma";
}

function follow(
  want: Want | "end",
  sign: string | undefined,
  isString: boolean,
  open: string[],
): Want | "end" | undefined {
  const inner = open.at(-1);
  switch (want) {
    case "first-value":
    case "value":
      if (sign === undefined) return afterValue(open);
      if (sign === "{" || sign === "[") {
        open.push(sign);
        return sign === "{" ? "first-key" : "first-value";
      }
      if (sign !== "]" || want === "value") return undefined;
      open.pop();
      return afterValue(open);
    case "first-key":
    case "key":
      if (isString) return "colon";
      if (sign !== "}" || want === "key") return undefined;
      open.pop();
      return afterValue(open);
    case "colon":
      return sign === ":" ? "value" : undefined;
    case "comma":
      if (sign === ",") return inner === "{" ? "key" : "value";
      if (sign !== (inner === "{" ? "}" : "]")) return undefined;
      open.pop();
      return afterValue(open);
    case "end":
      return undefined;
  }
}
