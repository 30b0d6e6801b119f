/**
 * One line that shows that work goes on, and goes away with it.
 *
 * @module
 */

import { cutToWidth } from "./prompt/text_width.ts";

/** Where it is shown. */
export interface ProgressOptions {
  /** Writes to the terminal. */
  readonly write: (text: string) => void;
  /** Columns of the terminal. */
  readonly columns: () => number;
  /** Milliseconds since any time. Default: the process's clock. */
  readonly now?: () => number;
}

/** How far work is. */
export interface Progress {
  /** What is being done. */
  readonly text: string;
  /** Steps that are done. */
  readonly done?: number | undefined;
  /** Steps in all. */
  readonly total?: number | undefined;
}

const SIGNS = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
/** Work that takes less needs no line. */
const PATIENCE_MS = 500;
const TICK_MS = 100;

/** Shows progress once something takes long. */
export class ProgressLine implements Disposable {
  readonly #options: Required<ProgressOptions>;
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #startedAt: number;
  #quietSince: number;
  #progress: Progress = { text: "" };
  #isShown = false;
  #isHeld = false;

  /** Begins to wait. */
  constructor(options: ProgressOptions) {
    this.#options = { now: () => performance.now(), ...options };
    this.#startedAt = this.#options.now();
    this.#quietSince = this.#startedAt;
    this.#timer = setInterval(() => this.tick(), TICK_MS);
  }

  /** Tells how far the work is. */
  set(progress: Progress): void {
    this.#progress = progress;
    if (this.#isShown) this.tick();
  }

  /** Takes the line away before something else is written. */
  clear(): void {
    this.#quietSince = this.#options.now();
    if (!this.#isShown) return;
    this.#options.write("\r\x1b[K");
    this.#isShown = false;
  }

  /** Shows nothing while the terminal belongs to another or holds half a line. */
  hold(isHeld: boolean): void {
    if (isHeld) this.clear();
    this.#isHeld = isHeld;
  }

  /** Shows the line as it is now. */
  tick(): void {
    const { now, write, columns } = this.#options;
    const time = now();
    if (this.#isHeld || time - this.#quietSince < PATIENCE_MS) return;
    const { text, done, total } = this.#progress;
    const seconds = Math.floor((time - this.#startedAt) / 1000);
    const sign = SIGNS.charAt(Math.floor(time / TICK_MS) % SIGNS.length);
    const steps = done === undefined
      ? ""
      : ` ${done}${total === undefined ? "" : `/${total}`}`;
    const line = `${sign} ${seconds}s${steps}${text === "" ? "" : ` ${text}`}`;
    write(`\r${cutToWidth(line, columns() - 1)}\x1b[K`);
    this.#isShown = true;
  }

  /** Ends it. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.clear();
  }
}
