/**
 * Text that fits a width.
 *
 * @module
 */

/** Width when nobody says how wide the terminal is. */
const DEFAULT_WIDTH = 80;
/** Lines longer than this are hard to read. */
const MAX_WIDTH = 100;
/** Narrower than this nothing fits. */
const MIN_WIDTH = 30;

/** The width that help is written in. */
export function helpWidth(columns: number | undefined): number {
  return Math.max(MIN_WIDTH, Math.min(columns ?? DEFAULT_WIDTH, MAX_WIDTH));
}

/** Lines of words; a word that is too long stands alone. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter(Boolean)) {
    if (line === "") line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === "" ? lines : [...lines, line];
}

/** A text behind blanks. */
export function indented(
  text: string,
  indent: number,
  width: number,
): readonly string[] {
  const blanks = " ".repeat(indent);
  return wrapText(text, width - indent).map((line) => blanks + line);
}

/** Names and what they mean, side by side; under each other where it is narrow. */
export function definitions(
  entries: readonly (readonly [name: string, meaning: string])[],
  width: number,
): readonly string[] {
  const longest = Math.max(0, ...entries.map(([name]) => name.length));
  const column = Math.min(longest, Math.floor(width / 3)) + 4;
  return entries.flatMap(([name, meaning]) => {
    const lines = indented(meaning, column, width);
    const head = `  ${name}`;
    if (head.length + 2 > column) return [head, ...lines];
    const [first = "", ...rest] = lines;
    return [(head.padEnd(column) + first.slice(column)).trimEnd(), ...rest];
  });
}

/** Paragraphs, with their items and code lines as they are. */
export function wrapMarkdown(text: string, width: number): readonly string[] {
  return text.trim().split(/\n{2,}/).flatMap((paragraph, at) => {
    const gap = at === 0 ? [] : [""];
    if (/^(?: {4}|```)/.test(paragraph)) {
      const code = paragraph.split("\n").filter((line) =>
        !line.startsWith("```")
      );
      return [...gap, ...code.map((line) => `    ${line.trimStart()}`)];
    }
    if (/^[-*] /.test(paragraph)) {
      const items = paragraph.split(/\n(?=[-*] )/).flatMap((item) => {
        const [first = "", ...rest] = indented(item.slice(2), 2, width);
        return [`- ${first.trimStart()}`, ...rest];
      });
      return [...gap, ...items];
    }
    return [...gap, ...wrapText(paragraph, width)];
  });
}
