/**
 * Paths of a jq filter as they are meant: below a section of a node.
 *
 * @module
 */

import { type JqToken, tokenize } from "./tokenize.ts";

/** Functions whose arguments get something else than what the call gets. */
const OTHER_INPUT: Readonly<Record<string, readonly number[]>> = {
  all: [0],
  any: [0],
  gsub: [1],
  group_by: [0],
  map: [0],
  map_values: [0],
  max_by: [0],
  min_by: [0],
  paths: [0],
  recurse: [0, 1],
  repeat: [0],
  sort_by: [0],
  sub: [1],
  unique_by: [0],
  until: [0, 1],
  walk: [0],
  while: [0, 1],
  with_entries: [0],
  INDEX: [0],
};

/** Of functions with two arguments: the first one gets what the call gets. */
const STREAM_FIRST: ReadonlySet<string> = new Set(["all", "any", "INDEX"]);

/** Functions that give what they get, or nothing, or it without some parts. */
const KEEPING: ReadonlySet<string> = new Set([
  "debug",
  "del",
  "objects",
  "select",
  "stderr",
  "values",
]);

/** Updates give what they get, with some parts altered. */
const UPDATES: ReadonlySet<string> = new Set(
  ["=", "|=", "+=", "-=", "*=", "/=", "%=", "//="],
);

const OPENING: Readonly<Record<string, string>> = {
  "(": ")",
  "[": "]",
  "{": "}",
  "\\(": ")",
  if: "end",
};

/** A stretch of a filter between two brackets, or words that stand for them. */
interface Frame {
  /** What closes it. */
  readonly close: string;
  /** What opened it. */
  readonly kind: "group" | "object" | "if" | "call" | "fold" | "definition";
  /** Whether `.` is the element at its begin. */
  readonly entry: boolean;
  /** For calls: the function, and how many arguments it has. */
  readonly name?: string;
  readonly count?: number;
  /** For calls and folds: which argument it is. */
  argument: number;
  /** Whether `.` is the element here. */
  isElement: boolean;
  /** Whether the next `|` only ends a binding, which leaves `.` as it is. */
  isBinding: boolean;
  /** Whether a `reduce` or `foreach` waits for its bracket. */
  isFold: boolean;
  /** What `isElement` is again behind the right side of `|=`. */
  resume: boolean | undefined;
  /** First token of what the next `|` ends. */
  start: number;
  /** Whether `.` is the element there. */
  startsWithElement: boolean;
}

/** Whether a token ends a term, so that what follows with a dot belongs to it. */
function endsTerm(token: JqToken | undefined): boolean {
  if (token === undefined) return false;
  switch (token.type) {
    case "field":
    case "string":
    case "variable":
    case "number":
    case "name":
    case "format":
      return true;
    case "word":
      return token.text === "end";
    case "sign":
      return [")", "]", "}", ".", "..", "?"].includes(token.text);
    case "open":
      return false;
  }
}

/** How many arguments the call has whose bracket opens at a token. */
function countArguments(tokens: readonly JqToken[], open: number): number {
  let depth = 0;
  let count = 1;
  for (const token of tokens.slice(open)) {
    if (token.text in OPENING) depth++;
    else if ([")", "]", "}", "end"].includes(token.text)) {
      if (--depth === 0) break;
    } else if (token.text === ";" && depth === 1) count++;
  }
  return count;
}

/** Where the bracket closes that opens at a token. */
function closeOf(tokens: readonly JqToken[], open: number): number {
  let depth = 0;
  for (const [at, { type, text }] of tokens.entries()) {
    if (at < open || type === "string" || type === "field") continue;
    if (text in OPENING) depth++;
    else if ([")", "]", "}", "end"].includes(text) && --depth === 0) return at;
  }
  return -1;
}

/** Whether some tokens are one update, such as `.a = 1`. */
function isUpdate(tokens: readonly JqToken[]): boolean {
  let found = false;
  for (let at = 0; at < tokens.length; at++) {
    const { type = "sign", text = "" } = tokens[at] ?? {};
    if (type === "open" || text === "if") {
      at = closeOf(tokens, at);
      if (at < 0) return false;
    } else if (type === "sign") {
      if (text === ",") return false;
      found ||= UPDATES.has(text);
    }
  }
  return found;
}

/** Walks over the tokens and knows at each of them what `.` is. */
class Rewriter {
  readonly #tokens: readonly JqToken[];
  /** What stands before a path of the element. */
  readonly #prefix: string;
  readonly #defined = new Set<string>();
  #frames: Frame[] = [];
  #output = "";
  #isCaught = false;
  /** Number of the token that is looked at. */
  #at = -1;

  constructor(tokens: readonly JqToken[], section: string) {
    this.#tokens = tokens;
    this.#prefix = section === "" ? "" : `.${section}`;
    this.#push("", "group", true);
  }

  run(): string {
    for (let at = 0; at < this.#tokens.length; at++) {
      const token = this.#tokens[at];
      if (token === undefined) break;
      this.#at = at;
      this.#output += token.space;
      const before = this.#output.length;
      const skipped = this.#step(token, at);
      if (this.#output.length === before) this.#output += token.text;
      at += skipped;
    }
    return this.#output;
  }

  get #frame(): Frame {
    const frame = this.#frames.at(-1);
    if (frame === undefined) throw new TypeError("Cannot happen: no frame");
    return frame;
  }

  #push(
    close: string,
    kind: Frame["kind"],
    entry: boolean,
    call: { readonly name?: string; readonly count?: number } = {},
  ): void {
    this.#frames.push({
      close,
      kind,
      entry,
      ...call,
      argument: 0,
      isElement: entry,
      isBinding: false,
      isFold: false,
      resume: undefined,
      start: this.#at + 1,
      startsWithElement: entry,
    });
  }

  /** A new stretch begins behind this token. */
  #begin(isElement: boolean, start = this.#at + 1): void {
    const frame = this.#frame;
    frame.isElement = isElement;
    frame.resume = undefined;
    frame.start = start;
    frame.startsWithElement = isElement;
  }

  /** Whether what stands before a `|` gives the element that it gets. */
  #keepsElement(tokens: readonly JqToken[]): boolean {
    const [first, second] = tokens;
    if (first === undefined) return false;
    if (tokens.length === 1 && first.text === ".") return true;
    const { type, text } = first;
    if (type === "name" && KEEPING.has(text) && !this.#defined.has(text)) {
      const end = second?.text === "(" ? closeOf(tokens, 1) : 0;
      if (end === tokens.length - 1) return true;
    }
    return isUpdate(tokens);
  }

  /** Whether `.` is the element for a term that begins here. */
  #takeElement(): boolean {
    const { isElement, isBinding } = this.#frame;
    const isCaught = this.#isCaught;
    this.#isCaught = false;
    return isElement && !isBinding && !isCaught;
  }

  /** One token; what it writes stands for it. Gives how many more it took. */
  #step(token: JqToken, at: number): number {
    const previous = this.#tokens[at - 1];
    const next = this.#tokens[at + 1];
    if (this.#closes(token)) return 0;
    switch (token.type) {
      case "open":
        this.#open(token, at, previous);
        return 0;
      case "field":
        if (!endsTerm(previous) && this.#takeElement()) {
          this.#output += this.#prefix + token.text;
        }
        return 0;
      case "word":
        // A key of an object, as in {if: 1}.
        return next?.text === ":" ? 0 : this.#word(token, at);
      case "sign":
        return this.#sign(token, previous, next, at);
      case "name":
      case "string":
        return this.#shorthand(token, previous, next);
      default:
        this.#isCaught = false;
        return 0;
    }
  }

  #closes(token: JqToken): boolean {
    const { kind, close } = this.#frame;
    if (token.text !== close || this.#frames.length === 1) return false;
    if (token.type === "string") return false;
    this.#frames.pop();
    if (kind === "definition") this.#begin(this.#frame.isElement);
    return true;
  }

  #open(token: JqToken, at: number, previous: JqToken | undefined): void {
    const frame = this.#frame;
    const close = OPENING[token.text] ?? "";
    if (token.text === "(" && frame.isFold && frame.isBinding) {
      frame.isFold = false;
      frame.isBinding = false;
      this.#push(close, "fold", frame.isElement);
      return;
    }
    const entry = this.#takeElement();
    if (token.text === "{") this.#push(close, "object", entry);
    else if (token.text === "(" && previous?.type === "name") {
      const { text: name } = previous;
      const count = countArguments(this.#tokens, at);
      this.#push(close, "call", entry, { name, count });
      this.#begin(entry && this.#keepsInput());
    } else this.#push(close, "group", entry);
  }

  /** Whether an argument of the call gets what the call gets. */
  #keepsInput(): boolean {
    const { name = "", count = 0, argument } = this.#frame;
    if (this.#defined.has(name)) return true;
    const others = STREAM_FIRST.has(name) && count === 2
      ? [1]
      : OTHER_INPUT[name];
    return others?.includes(argument) !== true;
  }

  #word({ text }: JqToken, at: number): number {
    const frame = this.#frame;
    switch (text) {
      case "if":
        this.#push("end", "if", this.#takeElement());
        return 0;
      case "then":
      case "elif":
      case "else":
        if (frame.kind === "if") {
          frame.isBinding = false;
          this.#begin(frame.entry);
        }
        return 0;
      case "reduce":
      case "foreach":
        frame.isFold = true;
        return 0;
      case "as":
      case "label":
        frame.isBinding = true;
        return 0;
      case "catch":
        this.#isCaught = true;
        return 0;
      case "def":
        return this.#define(at);
      default:
        return 0;
    }
  }

  /** Writes the head of a definition as it is; its body gets anything. */
  #define(at: number): number {
    const rest = this.#tokens.slice(at);
    const end = rest.findIndex((token) => token.text === ":");
    if (end < 0) return 0;
    this.#defined.add(rest[1]?.text ?? "");
    this.#output += rest.slice(0, end + 1).map((token, each) =>
      (each === 0 ? "" : token.space) + token.text
    ).join("");
    this.#push(";", "definition", false);
    this.#begin(false, at + end + 1);
    return end;
  }

  #sign(
    { text }: JqToken,
    previous: JqToken | undefined,
    next: JqToken | undefined,
    at: number,
  ): number {
    const frame = this.#frame;
    switch (text) {
      case "|":
        if (frame.isBinding) {
          frame.isBinding = false;
          this.#begin(frame.isElement);
        } else {
          const left = this.#tokens.slice(frame.start, at);
          this.#begin(frame.startsWithElement && this.#keepsElement(left));
        }
        return 0;
      case "|=":
        frame.resume ??= frame.isElement;
        frame.isElement = false;
        return 0;
      case ",":
        if (frame.kind === "object") this.#begin(frame.entry);
        else if (frame.resume !== undefined) {
          frame.isElement = frame.resume;
          frame.resume = undefined;
        }
        return 0;
      case ":":
        if (frame.kind === "object") this.#begin(frame.entry);
        return 0;
      case ";":
        frame.argument++;
        frame.isBinding = false;
        this.#begin(
          frame.entry &&
            (frame.kind === "call"
              ? this.#keepsInput()
              : frame.kind !== "fold"),
        );
        return 0;
      case ".":
        return endsTerm(previous) ? 0 : this.#dot(next, at);
      default:
        return 0;
    }
  }

  /** A dot alone: the begin of `./path` or of `.["path"]`, or the element. */
  #dot(next: JqToken | undefined, at: number): number {
    const isElement = this.#takeElement();
    if (!isElement || next?.space !== "") return 0;
    const [second, third] = this.#tokens.slice(at + 2, at + 4);
    if (next.text === "/" && second?.space === "") {
      if (second.type === "name" || second.type === "word") {
        this.#output += `.${second.text}`;
        return 2;
      }
      return 0;
    }
    if (next.text === "[" && second?.type === "string" && third?.text === "]") {
      this.#output += this.#prefix;
    }
    return 0;
  }

  /** `{name}` and `{"name"}` are short for `{name: .name}`. */
  #shorthand(
    token: JqToken,
    previous: JqToken | undefined,
    next: JqToken | undefined,
  ): number {
    const { kind, entry, isBinding } = this.#frame;
    const isKey = kind === "object" && entry && !isBinding &&
      (previous?.text === "{" || previous?.text === ",") &&
      (next?.text === "}" || next?.text === ",");
    if (isKey) {
      const { text } = token;
      this.#output += `${text}: ${this.#prefix}.${text}`;
    } else this.#isCaught = this.#isCaught && next?.text === "(";
    return 0;
  }
}

/**
 * A filter whose relative paths begin at a section of the element: `.name`
 * becomes `.reported.name`, and `./metadata.x` becomes `.metadata.x`. Only what
 * begins at the element itself is a path of it: behind a `|`, in the body of a
 * definition or of `map(…)`, `.` is something else and stays as it is. What gives
 * the element that it gets, as `select(…)` and updates do, leaves it what it is
 * behind a `|` too. Without a
 * section (an empty one) both begin at the element.
 */
export function rewritePaths(filter: string, section: string): string {
  const { tokens, rest } = tokenize(filter);
  return new Rewriter(tokens, section).run() + rest;
}
