/**
 * The elements of an array, taken out of its JSON text.
 *
 * @module
 */

const QUOTE = 34;
const COMMA = 44;
const BACKSLASH = 92;
const OPEN: ReadonlySet<number> = new Set([91, 123]);
const CLOSE: ReadonlySet<number> = new Set([93, 125]);

/** Where a text ends that begins at an offset: behind its second quote. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return text.length;
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
    at = end + 1;
  }
}

/**
 * Texts of the elements of an array, as they were written: no number loses a
 * digit. Anything but an array is its own only element.
 */
export function splitArray(text: string): readonly string[] {
  const array = text.trim();
  if (!array.startsWith("[")) return [text];
  const found: string[] = [];
  let depth = 0;
  let start = 1;
  for (let at = 0; at < array.length; at++) {
    const code = array.charCodeAt(at);
    if (code === QUOTE) at = endOfString(array, at) - 1;
    else if (OPEN.has(code)) depth++;
    else if (CLOSE.has(code)) depth--;
    else if (code === COMMA && depth === 1) {
      found.push(array.slice(start, at).trim());
      start = at + 1;
    }
  }
  const last = array.slice(start, -1).trim();
  return last === "" ? found : [...found, last];
}
