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

/**
 * A search whose placeholders and templates were replaced. It remembers what was
 * written, so that an error points there.
 */
export class SourceText {
  /** What is parsed. */
  readonly text: string;
  readonly #before: SourceText | undefined;
  readonly #edits: readonly TextEdit[];

  private constructor(
    text: string,
    before?: SourceText,
    edits: readonly TextEdit[] = [],
  ) {
    this.text = text;
    this.#before = before;
    this.#edits = edits;
  }

  /** A text as it was written. */
  static of(text: string | SourceText): SourceText {
    return typeof text === "string" ? new SourceText(text) : text;
  }

  /** What was written. */
  get original(): string {
    return this.#before?.original ?? this.text;
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
    return new SourceText(text + this.text.slice(at), this, edits);
  }

  /** Where an offset of {@linkcode SourceText.text} was written. */
  placeOf(offset: number): SourcePlace {
    if (this.#before === undefined) return { offset, isReplaced: false };
    let shift = 0;
    for (const { start, end, text } of this.#edits) {
      if (offset < start + shift) break;
      if (offset < start + shift + text.length) {
        return { offset: this.#before.placeOf(start).offset, isReplaced: true };
      }
      shift += text.length - (end - start);
    }
    return this.#before.placeOf(offset - shift);
  }
}
