import type { GraphChangeJson } from "@skymap/lib/client";

/** What a word tells of its graph. */
export interface News {
  /** Kinds that may have changed; null when it may be any. */
  readonly kinds: readonly string[] | null;
  /** Whether words before it were missed. */
  readonly isGap: boolean;
}

/** Follows the words of changes, each of which says where the one before ended. */
export class ChangeWords {
  readonly #last = new Map<string, GraphChangeJson>();

  /** What a word tells that was not known; undefined when that is nothing. */
  read(word: GraphChangeJson): News | undefined {
    const { graph, after, last, at, kinds } = word;
    const known = this.#last.get(graph);
    this.#last.set(graph, word);
    if (known === undefined) return { kinds, isGap: false };
    // Told again after a lost connection; words without changes exist too.
    const isSame = known.after === after && known.last === last &&
      known.at === at && String(known.kinds) === String(kinds);
    if (isSame) return;
    const isGap = after !== known.last;
    return { kinds: isGap ? null : kinds, isGap };
  }

  /** Forgets a graph that is gone. */
  forget(graph: string): void {
    this.#last.delete(graph);
  }
}
