import { LockedTurns } from "../graph/oldest.ts";

/** Lets one thing happen at a time for each name; names do not wait for others. */
export class NamedTurns {
  readonly #turns = new Map<string, LockedTurns>();
  readonly #waiting = new Map<string, number>();

  /** Waits for those before that have the same name, then runs. */
  async take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const turns = this.#turns.get(name) ?? new LockedTurns();
    this.#turns.set(name, turns);
    this.#waiting.set(name, (this.#waiting.get(name) ?? 0) + 1);
    try {
      return await turns.take(work);
    } finally {
      const waiting = (this.#waiting.get(name) ?? 1) - 1;
      this.#waiting.set(name, waiting);
      if (waiting === 0) {
        this.#turns.delete(name);
        this.#waiting.delete(name);
      }
    }
  }
}
