/** Adds to each lane, so that the order of additions does not matter. */
export class EdgeDigest {
  #one = 0;
  #two = 0;
  #three = 0;
  #four = 0;
  #count = 0;

  /** Adds the text of an edge. */
  add(text: string): void {
    let one = 0xdeadbeef;
    let two = 0x41c6ce57;
    let three = 0x1b873593;
    let four = 0x85ebca6b;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      one = Math.imul(one ^ code, 0x9e3779b1);
      two = Math.imul(two ^ code, 0x5f356495);
      three = Math.imul(three ^ code, 0x85ebca77);
      four = Math.imul(four ^ code, 0xc2b2ae3d);
    }
    this.#one = (this.#one + mix(one ^ (two >>> 15))) >>> 0;
    this.#two = (this.#two + mix(two ^ (three >>> 13))) >>> 0;
    this.#three = (this.#three + mix(three ^ (four >>> 16))) >>> 0;
    this.#four = (this.#four + mix(four ^ (one >>> 14))) >>> 0;
    this.#count++;
  }

  /** The digest as text; never empty. */
  toString(): string {
    return [this.#count, this.#one, this.#two, this.#three, this.#four]
      .map((lane) => lane.toString(32)).join("-");
  }
}

/** Spreads each bit over all others, or sums of similar texts would meet. */
function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
