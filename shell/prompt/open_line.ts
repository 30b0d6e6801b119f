/**
 * Whether a line goes on in the next one.
 *
 * @module
 */

/**
 * The text with which a line goes on: a quote is open, or it ends with `|` or a
 * backslash. Undefined when the line is whole.
 */
export function continued(text: string): string | undefined {
  let quote: string | undefined;
  let isEscaped = false;
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    isEscaped = character === "\\";
    if (isEscaped) at++;
    else if (quote === character) quote = undefined;
    else if (quote === undefined && `"'`.includes(character)) quote = character;
    isEscaped &&= at >= text.length;
  }
  if (isEscaped) return `${text.slice(0, -1)}\n`;
  return quote !== undefined || /\|\s*$/.test(text) ? `${text}\n` : undefined;
}
