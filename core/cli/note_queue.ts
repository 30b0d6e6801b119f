/**
 * Notes that come while an answer is made.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";

/** Keeps notes until somebody takes them. */
export class NoteQueue {
  #notes: CliNote[] = [];
  #wake: (() => void) | undefined;

  /** Adds a note. */
  add(note: CliNote): void {
    this.#notes.push(note);
    this.#wake?.();
  }

  /** Takes what there is. */
  take(): readonly CliNote[] {
    const notes = this.#notes;
    this.#notes = [];
    return notes;
  }

  /** Settles when there is a note. */
  #some(): Promise<void> {
    if (this.#notes.length > 0) return Promise.resolve();
    return new Promise((resolve) => this.#wake = resolve);
  }

  /**
   * What another stream gives, and the notes as they come. They never wait for
   * the stream, and those of its end come before it ends.
   */
  async *with<T>(
    stream: AsyncGenerator<T>,
    wrap: (note: CliNote) => T,
  ): AsyncGenerator<T> {
    try {
      for (;;) {
        let result: IteratorResult<T> | undefined;
        const next = stream.next().then((each) => result = each);
        // Whoever stops at a note hears no more of the stream, and no failure.
        next.catch(() => {});
        while (result === undefined) {
          await Promise.race([next, this.#some()]);
          yield* this.take().map(wrap);
        }
        if (result.done === true) return;
        yield result.value;
      }
    } finally {
      await stream.return(undefined);
    }
  }
}
