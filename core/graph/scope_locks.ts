/**
 * One merge at a time for each scope.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** Whoever holds scopes; one waits for at most one scope at a time. */
export interface Holder {
  /** Names it in errors. */
  readonly name: string;
}

/** A scope that is held. */
export interface ScopeLease {
  /** It will be released whatever else its holder waits for. */
  finish(): void;
  /** Gives it to whoever waits next. */
  release(): void;
}

interface Lock {
  holder: Holder;
  finishing: boolean;
  readonly waiting: { holder: Holder; take: () => void }[];
}

/** Locks of scopes, held in any order: waiting in a circle is refused. */
export class ScopeLocks {
  readonly #locks = new Map<string, Lock>();
  readonly #waitsFor = new Map<Holder, Lock>();

  /** How many scopes are held. */
  get size(): number {
    return this.#locks.size;
  }

  /**
   * Waits for a scope.
   *
   * @throws SkymapError `conflict` when the holder of the scope waits, however
   * far along, for one of this holder's.
   */
  async acquire(
    scope: string,
    holder: Holder,
    signal: AbortSignal,
  ): Promise<ScopeLease> {
    signal.throwIfAborted();
    const lock = this.#locks.get(scope);
    if (lock === undefined) {
      this.#locks.set(scope, { holder, finishing: false, waiting: [] });
    } else {
      this.#refuseCircle(scope, lock, holder);
      await this.#wait(lock, holder, signal);
    }
    return this.#lease(scope);
  }

  /** Takes a scope that nobody holds; undefined when somebody does. */
  take(scope: string, holder: Holder): ScopeLease | undefined {
    if (this.#locks.has(scope)) return undefined;
    this.#locks.set(scope, { holder, finishing: false, waiting: [] });
    return this.#lease(scope);
  }

  #lease(scope: string): ScopeLease {
    let held = true;
    return {
      finish: () => {
        const lock = this.#locks.get(scope);
        if (held && lock !== undefined) lock.finishing = true;
      },
      release: () => {
        if (held) this.#release(scope);
        held = false;
      },
    };
  }

  #refuseCircle(scope: string, wanted: Lock, holder: Holder): void {
    let lock: Lock | undefined = wanted;
    while (lock !== undefined && !lock.finishing && lock.holder !== holder) {
      lock = this.#waitsFor.get(lock.holder);
    }
    if (lock === undefined || lock.finishing) return;
    throw new SkymapError(
      "conflict",
      `Cannot merge scope ${scope}: "${wanted.holder.name}" merges it and waits for a scope that "${holder.name}" merges, wanted one merge of each scope at a time`,
    );
  }

  async #wait(lock: Lock, holder: Holder, signal: AbortSignal): Promise<void> {
    this.#waitsFor.set(holder, lock);
    let onAbort = (): void => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const entry = { holder, take: resolve };
        lock.waiting.push(entry);
        onAbort = () => {
          const at = lock.waiting.indexOf(entry);
          // Not waiting any more: it was given the lock just before.
          if (at === -1) return;
          lock.waiting.splice(at, 1);
          reject(signal.reason);
        };
        signal.addEventListener("abort", onAbort, { once: true });
      });
    } finally {
      signal.removeEventListener("abort", onAbort);
      this.#waitsFor.delete(holder);
    }
  }

  #release(scope: string): void {
    const lock = this.#locks.get(scope);
    const next = lock?.waiting.shift();
    if (lock === undefined || next === undefined) {
      this.#locks.delete(scope);
      return;
    }
    lock.holder = next.holder;
    lock.finishing = false;
    // At once: whoever looks for circles before it goes on would run in one.
    this.#waitsFor.delete(next.holder);
    next.take();
  }
}
