/**
 * Texts that cannot steer a terminal.
 *
 * @module
 */

// Core writes in bold and nothing else; other colours could hide a text. Signs
// that turn the direction of writing could show it in another order.
const UNWANTED =
  // deno-lint-ignore no-control-regex -- control characters are what it finds
  /\x1b(?!\[[01]?m)|[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g;
// deno-lint-ignore no-control-regex -- control characters are what it finds
const BEGUN_BOLD = /\x1b(?:\[[01]?)?$/;

/** A text without control characters but for line ends, tabs and bold. */
export function printable(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(
    UNWANTED,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A text as a part of one line, without colours of its own. */
export function oneLine(text: string): string {
  return printable(text.replaceAll("\x1b", " ")).replaceAll(/\s+/g, " ");
}

/** Makes a text printable that comes in pieces, wherever they are cut. */
export class PrintableText {
  #rest = "";

  /** The next piece. */
  add(piece: string): string {
    const text = this.#rest + piece;
    const cut = BEGUN_BOLD.exec(text)?.index ??
      (text.endsWith("\r") ? text.length - 1 : text.length);
    this.#rest = text.slice(cut);
    return printable(text.slice(0, cut));
  }

  /** What was kept back at the end. */
  end(): string {
    const rest = this.#rest;
    this.#rest = "";
    return printable(rest);
  }
}
