/**
 * Texts of plugins as logs, ledgers and terminals can show them.
 *
 * @module
 */

/** Control characters but for tab and new line, and what turns the direction. */
const CONTROL =
  // deno-lint-ignore no-control-regex -- that is what is looked for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

const BREAK = /[\t\n]/g;

/** A text with U+FFFD for each such character, cut when it is too long. */
export function plainText(text: string, maxChars: number): string {
  const cut = text.length <= maxChars
    ? text
    : `${text.slice(0, maxChars - 1)}…`;
  return cut.toWellFormed().replace(CONTROL, "\ufffd");
}

/** The same for what must be on one line. */
export function plainLine(text: string, maxChars: number): string {
  return plainText(text, maxChars).replace(BREAK, "\ufffd");
}
