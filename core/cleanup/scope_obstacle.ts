/**
 * Whether what may hang on a resource was listed.
 *
 * @module
 */

import type { ScopeState } from "../index/marked_nodes.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { MarkedNode, Obstacle } from "./plan.ts";

/** Where resources of a kind are listed. */
type Place = Pick<MarkedNode, "cloud" | "account" | "kind" | "region">;

/**
 * What stands against a deletion because something was not listed: the resource
 * itself, or resources that would have to be deleted before it.
 */
export class ScopeObstacles {
  readonly #kinds: Pick<KindRegistry, "declaration" | "concrete">;
  readonly #scopes = new Map<string, ScopeState[]>();
  readonly #known = new Map<string, Obstacle | undefined>();

  /** Takes how scopes stand. */
  constructor(
    scopes: readonly ScopeState[],
    kinds: Pick<KindRegistry, "declaration" | "concrete">,
  ) {
    this.#kinds = kinds;
    for (const scope of scopes) {
      const { cloud, account, kind } = scope;
      const key = JSON.stringify([cloud, account, kind]);
      const list = this.#scopes.get(key);
      if (list === undefined) this.#scopes.set(key, [scope]);
      else list.push(scope);
    }
  }

  /** What stands against the deletion of resources of one scope. */
  of({ cloud, account, kind, region }: Place): Obstacle | undefined {
    const key = JSON.stringify([cloud, account, kind, region]);
    if (this.#known.has(key)) return this.#known.get(key);
    const place = { cloud, account, kind, region };
    const message = this.#problem(place, kind, "it may not be as it is shown");
    const found: Obstacle | undefined = message === undefined
      ? this.#dependants(place)
      : { reason: "scope", message };
    this.#known.set(key, found);
    return found;
  }

  #dependants(place: Place): Obstacle | undefined {
    const after = this.#kinds.declaration(place.kind)?.deletedAfter ?? [];
    for (const kind of after) {
      for (const each of [kind, ...this.#kinds.concrete(kind)]) {
        // A kind of kinds is not listed by itself.
        if (each !== kind && !this.#isListed(place, each)) continue;
        const message = this.#problem(
          place,
          each,
          "what hangs on it may not be known",
        );
        if (message !== undefined) return { reason: "scope", message };
      }
    }
  }

  #listed({ cloud, account }: Place, kind: string): readonly ScopeState[] {
    return this.#scopes.get(JSON.stringify([cloud, account, kind])) ?? [];
  }

  #isListed(place: Place, kind: string): boolean {
    return this.#listed(place, kind).length > 0;
  }

  #problem(place: Place, kind: string, so: string): string | undefined {
    const { region } = place;
    const all = this.#listed(place, kind);
    if (all.length === 0) {
      return `${kind} was never listed in the account: ${so}`;
    }
    // A region in which it is not listed, while it is in others, has no such kind.
    const bad = all.find((scope) =>
      scope.status !== "complete" &&
      (region === "" || scope.region === "" || scope.region === region)
    );
    if (bad === undefined) return;
    const at = bad.region === "" ? "" : ` in ${bad.region}`;
    const why = bad.reason === null || bad.reason === bad.status
      ? bad.status
      : `${bad.status}, ${bad.reason}`;
    return `${kind} was not listed completely${at} (${why}): ${so}`;
  }
}
