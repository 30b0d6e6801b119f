/**
 * What a terminal sends for keys.
 *
 * @module
 */

/** A key, or text that was typed or pasted. */
export type Key =
  | { readonly type: "text"; readonly text: string }
  | {
    readonly type: "key";
    /** `left`, `enter`, `ctrl-r`, `alt-b` and so on. */
    readonly name: string;
  };

const CONTROL: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\t": "tab",
  "\b": "ctrl-backspace",
  "\x7f": "backspace",
};

/** What stands behind `ESC [` or `ESC O`. */
const SEQUENCES: Readonly<Record<string, string>> = {
  A: "up",
  B: "down",
  C: "right",
  D: "left",
  F: "end",
  H: "home",
  Z: "shift-tab",
  "1~": "home",
  "3~": "delete",
  "4~": "end",
  "7~": "home",
  "8~": "end",
  "1;5C": "alt-f",
  "1;5D": "alt-b",
  "1;3C": "alt-f",
  "1;3D": "alt-b",
};

const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";

// deno-lint-ignore no-control-regex -- terminals send control characters
const SEQUENCE = /^\x1b[[O]([0-9;]*[A-Za-z~])/;
// deno-lint-ignore no-control-regex -- terminals send control characters
const BEGUN_SEQUENCE = /^\x1b[[O][0-9;]*$/;
// deno-lint-ignore no-control-regex -- terminals send control characters
const TEXT = /^[^\x00-\x1f\x7f]+/;

/** Reads what a terminal sends, piece by piece. */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #rest = "";

  /** The keys of some bytes; what is not whole waits for the next bytes. */
  read(bytes: Uint8Array): readonly Key[] {
    let text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    this.#rest = "";
    while (text !== "") {
      const [key, length] = nextKey(text);
      if (length === 0) {
        this.#rest = text;
        break;
      }
      if (key !== undefined) keys.push(key);
      text = text.slice(length);
    }
    return keys;
  }
}

/** The first key of a text and its length; 0 when it is not whole yet. */
function nextKey(text: string): readonly [Key | undefined, number] {
  const typed = TEXT.exec(text)?.[0];
  if (typed !== undefined) {
    return [{ type: "text", text: typed }, typed.length];
  }
  const named = (name: string, length: number) =>
    [{ type: "key", name } as const, length] as const;
  const first = text.charAt(0);
  if (first !== "\x1b") {
    const code = first.charCodeAt(0) + 96;
    const letter = String.fromCharCode(code);
    return named(CONTROL[first] ?? `ctrl-${code < 97 ? "@" : letter}`, 1);
  }
  if (text.startsWith(PASTE_BEGIN)) {
    const end = text.indexOf(PASTE_END);
    if (end === -1) return [undefined, 0];
    const pasted = text.slice(PASTE_BEGIN.length, end)
      .replaceAll(/\r\n?/g, "\n");
    return [{ type: "text", text: pasted }, end + PASTE_END.length];
  }
  const [all, sequence] = SEQUENCE.exec(text) ?? [];
  if (all !== undefined && sequence !== undefined) {
    const name = SEQUENCES[sequence];
    return name === undefined
      ? [undefined, all.length]
      : named(name, all.length);
  }
  if (BEGUN_SEQUENCE.test(text)) return [undefined, 0];
  const letter = text.charAt(1);
  if (letter === "") return named("escape", 1);
  return named(letter === "\x7f" ? "alt-backspace" : `alt-${letter}`, 2);
}
