/**
 * Where the end of a piece of a jq program stands: in its code or in a string.
 *
 * @module
 */

interface Frame {
  readonly isString: boolean;
  /** Parentheses that are open in a piece of code. */
  depth: number;
}

/** Reads a program sign by sign. JSON is such a program, too. */
export class ProgramPlace {
  readonly #frames: Frame[] = [{ isString: false, depth: 0 }];
  #isEscaped = false;
  #isComment = false;

  get #frame(): Frame {
    return this.#frames.at(-1) ?? { isString: false, depth: 0 };
  }

  /** Whether the next sign is part of a string. */
  get isString(): boolean {
    return this.#frame.isString;
  }

  /** Whether the next sign follows a backslash in a string. */
  get isEscaped(): boolean {
    return this.#isEscaped;
  }

  /** Takes one sign. */
  take(sign: string): void {
    if (this.isString) this.#takeInString(sign);
    else this.#takeInCode(sign);
  }

  #takeInString(sign: string): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
      // "\(…)": code within a string.
      if (sign === "(") this.#frames.push({ isString: false, depth: 0 });
    } else if (sign === "\\") this.#isEscaped = true;
    else if (sign === '"') this.#frames.pop();
  }

  #takeInCode(sign: string): void {
    const frame = this.#frame;
    if (this.#isComment) {
      this.#isComment = sign !== "\n";
    } else if (sign === "#") this.#isComment = true;
    else if (sign === '"') this.#frames.push({ isString: true, depth: 0 });
    else if (sign === "(") frame.depth++;
    else if (sign === ")" && frame.depth > 0) frame.depth--;
    else if (sign === ")" && this.#frames.length > 1) this.#frames.pop();
  }
}
