/**
 * The text of a search, and where each piece of it comes from.
 *
 * @module
 */

/** A stretch of a text, and what takes its place. */
export interface TextEdit {
  /** First character that goes. */
  readonly start: number;
  /** First character that stays. */
  readonly end: number;
  /** What comes instead. */
  readonly text: string;
}

/** A place of a search as a person wrote it. */
export interface SourcePlace {
  /** Offset in the text that was written. */
  readonly offset: number;
  /** Whether that text was replaced, so that it does not show what is wrong. */
  readonly isReplaced: boolean;
}

/** Where the characters of a text come from. */
interface Origin {
  /** What was written. */
  readonly original: string;
  /** Where an offset was written. */
  placeOf(offset: number): SourcePlace;
}

/**
 * A search whose placeholders and templates were replaced. It remembers what was
 * written, so that an error points there.
 */
export class SourceText {
  /** What is parsed. */
  readonly text: string;
  readonly #origin: Origin | undefined;

  private constructor(text: string, origin?: Origin) {
    this.text = text;
    this.#origin = origin;
  }

  /** A text as it was written. */
  static of(text: string | SourceText): SourceText {
    return typeof text === "string" ? new SourceText(text) : text;
  }

  /**
   * Pieces of one text put together. A string was not written by anybody: an
   * error in it points to the end of what stands before it, or to the start of
   * what follows.
   */
  static join(pieces: readonly (SourceText | string)[]): SourceText {
    const text = pieces.map((piece) =>
      typeof piece === "string" ? piece : piece.text
    ).join("");
    const sources = pieces.filter((piece) => piece instanceof SourceText);
    const [first] = sources;
    if (first === undefined) return new SourceText(text);
    return new SourceText(text, {
      original: first.original,
      placeOf(offset) {
        let at = 0;
        let last: SourceText | undefined;
        for (const piece of pieces) {
          const { length } = typeof piece === "string" ? piece : piece.text;
          if (typeof piece !== "string") last = piece;
          if (offset < at + length) {
            if (typeof piece !== "string") return piece.placeOf(offset - at);
            break;
          }
          at += length;
        }
        return last?.placeOf(last.text.length) ?? first.placeOf(0);
      },
    });
  }

  /** What was written. */
  get original(): string {
    return this.#origin?.original ?? this.text;
  }

  /** What of that became this text. */
  get written(): string {
    return this.original.slice(
      this.placeOf(0).offset,
      this.placeOf(this.text.length).offset,
    );
  }

  /** A stretch of the text, which knows where it stood. */
  slice(start: number, end: number = this.text.length): SourceText {
    return new SourceText(this.text.slice(start, end), {
      original: this.original,
      placeOf: (offset) => this.placeOf(start + offset),
    });
  }

  /** The text with stretches replaced; edits are in order and do not overlap. */
  replace(edits: readonly TextEdit[]): SourceText {
    if (edits.length === 0) return this;
    let text = "";
    let at = 0;
    for (const edit of edits) {
      text += this.text.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return new SourceText(text + this.text.slice(at), {
      original: this.original,
      placeOf: (offset) => this.#placeBehind(edits, offset),
    });
  }

  /** Where an offset of {@linkcode SourceText.text} was written. */
  placeOf(offset: number): SourcePlace {
    return this.#origin?.placeOf(offset) ?? { offset, isReplaced: false };
  }

  /** Where an offset of this text with edits was written. */
  #placeBehind(edits: readonly TextEdit[], offset: number): SourcePlace {
    let shift = 0;
    for (const { start, end, text } of edits) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) {
        return { offset: this.placeOf(start).offset, isReplaced: true };
      }
      shift += text.length - (end - start);
    }
    return this.placeOf(offset - shift);
  }
}
