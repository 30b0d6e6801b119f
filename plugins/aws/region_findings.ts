import type { ValueOf } from "./declaration.ts";
import { parsePath, type Path, readAll } from "./path.ts";

/** Values that one kind has for another: those of one listing. */
class Finding {
  readonly path: Path;
  readonly values = new Set<string>();
  readonly settled: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(path: string) {
    this.path = parsePath(path);
    // A failure that nobody waits for is told where it happened.
    this.settled.promise.catch(() => {});
  }
}

/**
 * What the listings of one region tell each other: values that some kind is
 * listed by. Only values that someone asks for are kept.
 */
export class RegionFindings {
  readonly #findings = new Map<string, Map<string, Finding>>();

  /** Makes findings for those who will ask. */
  constructor(wanted: readonly ValueOf[]) {
    for (const { kind, path } of wanted) {
      const ofKind = this.#findings.get(kind) ?? new Map<string, Finding>();
      ofKind.set(path, new Finding(path));
      this.#findings.set(kind, ofKind);
    }
  }

  #ofKind(kind: string): Finding[] {
    return [...this.#findings.get(kind)?.values() ?? []];
  }

  /** Takes an item of a listing. */
  add(kind: string, item: unknown): void {
    for (const { path, values } of this.#ofKind(kind)) {
      for (const value of readAll(path, item)) values.add(String(value));
    }
  }

  /** Says that a listing is complete, or why it failed. */
  settle(kind: string, failure?: unknown): void {
    for (const { settled } of this.#ofKind(kind)) {
      if (failure === undefined) settled.resolve();
      else settled.reject(failure);
    }
  }

  /**
   * The values of a complete listing, sorted; waits for its end. Fails as the
   * listing did: what goes by half a list would be half a list as well.
   */
  async values({ kind, path }: ValueOf): Promise<string[]> {
    const finding = this.#findings.get(kind)?.get(path);
    if (finding === undefined) {
      throw new RangeError(`Cannot go by "${kind}": nobody announced it`);
    }
    await finding.settled.promise;
    return [...finding.values].sort();
  }
}
