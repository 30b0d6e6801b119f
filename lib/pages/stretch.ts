/** How long others wait at most, about. */
const LONGEST_MS = 5;

/** Long work that lets others have their turn. */
export class Stretch {
  #startedAt = performance.now();

  /** Waits until whoever wants a turn has had it, if it is about time. */
  async pause(): Promise<void> {
    if (performance.now() - this.#startedAt < LONGEST_MS) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#startedAt = performance.now();
  }
}
