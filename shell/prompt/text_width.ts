/**
 * How wide texts are on a terminal.
 *
 * @module
 */

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** What a person sees as one character. */
export function graphemes(text: string): readonly string[] {
  // deno-lint-ignore no-control-regex -- plain ASCII needs no segmenter
  if (/^[\x00-\x7f]*$/.test(text)) return [...text];
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

// Scripts and signs that terminals show two columns wide.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]|\ufe0f/u;
const NO_WIDTH = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/** Columns of one grapheme. */
export function graphemeWidth(grapheme: string): number {
  if (grapheme.length === 1 && grapheme >= " " && grapheme <= "~") return 1;
  if (NO_WIDTH.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** Columns of a text without line ends and colours. */
export function textWidth(text: string): number {
  return graphemes(text).reduce((sum, each) => sum + graphemeWidth(each), 0);
}

/** The beginning of a text that fits into so many columns. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let width = 1;
  let kept = "";
  for (const each of graphemes(text)) {
    width += graphemeWidth(each);
    if (width > columns) break;
    kept += each;
  }
  return `${kept}…`;
}
