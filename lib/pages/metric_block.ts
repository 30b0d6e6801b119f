import type { FamilySample, MetricFamily } from "./family.ts";
import { Piece } from "./piece.ts";
import { Stretch } from "./stretch.ts";
import { type PageFormat, writeHead, writeSample } from "./write_family.ts";

/** Characters of a piece: a millisecond of work. */
const PIECE_CHARS = 64 * 1024;

/**
 * A family of series on a page. It is written once, when somebody wants it, in
 * pieces, so that a large one holds up nobody.
 */
export class MetricBlock {
  readonly #family: Omit<MetricFamily, "samples">;
  readonly #heads = new Map<PageFormat, Piece>();
  #samples: readonly FamilySample[];
  #lines: Promise<readonly Piece[]> | undefined;

  /** Takes a family that does not change any more. */
  constructor({ samples, ...family }: MetricFamily) {
    this.#family = family;
    this.#samples = samples;
  }

  /** Its pieces, in order. */
  async pieces(format: PageFormat): Promise<readonly Piece[]> {
    let head = this.#heads.get(format);
    if (head === undefined) {
      head = new Piece(writeHead({ ...this.#family, samples: [] }, format));
      this.#heads.set(format, head);
    }
    this.#lines ??= this.#write();
    return [head, ...await this.#lines];
  }

  async #write(): Promise<readonly Piece[]> {
    const { name } = this.#family;
    const pieces: Piece[] = [];
    const stretch = new Stretch();
    let text = "";
    for (const sample of this.#samples) {
      text += writeSample(name, sample);
      if (text.length < PIECE_CHARS) continue;
      pieces.push(new Piece(text));
      text = "";
      await stretch.pause();
    }
    if (text !== "") pieces.push(new Piece(text));
    // What is written is not needed in another form any more.
    this.#samples = [];
    return pieces;
  }
}
