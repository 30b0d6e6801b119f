/**
 * Whether what may hang on a resource was listed.
 *
 * @module
 */

import { formatDuration } from "@skymap/lib/duration";
import type { CleanupConfig } from "../config/cleanup_section.ts";
import type { ScopeState } from "../index/marked_nodes.ts";
import type { KindRegistry } from "../model/kind_registry.ts";
import type { MarkedNode, Obstacle } from "./plan.ts";
import { maxAgeMs } from "./raise_limits.ts";

/** Where resources of a kind are listed. */
type Place = Pick<MarkedNode, "cloud" | "account" | "kind" | "region">;

/** What counts of the configuration, and when. */
export interface ScopeRules
  extends Pick<CleanupConfig, "max_age" | "unseen_kinds"> {
  /** Milliseconds since 1970. */
  readonly nowMs: number;
}

type Kinds = Pick<KindRegistry, "declaration" | "concrete" | "kindsOf">;

/**
 * What stands against a deletion because something was not listed: the resource
 * itself, or resources that would have to be deleted before it.
 */
export class ScopeObstacles {
  readonly #kinds: Kinds;
  readonly #rules: ScopeRules;
  readonly #absent: ReadonlySet<string>;
  readonly #scopes = new Map<string, ScopeState[]>();
  readonly #known = new Map<string, Obstacle | undefined>();
  /** Of what was asked last: whoever asks goes by scopes. */
  #last: (Place & { readonly found: Obstacle | undefined }) | undefined;
  readonly #unseen = new Set<string>();

  /** Takes how scopes stand, and what is absent where nobody lists it. */
  constructor(
    scopes: readonly ScopeState[],
    kinds: Kinds,
    rules: ScopeRules,
  ) {
    this.#kinds = kinds;
    this.#rules = rules;
    this.#absent = new Set(rules.unseen_kinds);
    for (const scope of scopes) {
      const { cloud, account, kind } = scope;
      const key = JSON.stringify([cloud, account, kind]);
      const list = this.#scopes.get(key);
      if (list === undefined) this.#scopes.set(key, [scope]);
      else list.push(scope);
    }
  }

  /** Kinds that were taken as absent until now, sorted. */
  get unseen(): readonly string[] {
    return [...this.#unseen].sort();
  }

  /** What stands against the deletion of resources of one scope. */
  of({ cloud, account, kind, region }: Place): Obstacle | undefined {
    const last = this.#last;
    if (
      last?.region === region && last.kind === kind &&
      last.account === account && last.cloud === cloud
    ) return last.found;
    const place = { cloud, account, kind, region };
    const found = this.#find(place);
    this.#last = { ...place, found };
    return found;
  }

  #find(place: Place): Obstacle | undefined {
    const { cloud, account, kind, region } = place;
    const key = JSON.stringify([cloud, account, kind, region]);
    if (this.#known.has(key)) return this.#known.get(key);
    const message = this.#own(place) ?? this.#dependants(place);
    const found: Obstacle | undefined = message === undefined
      ? undefined
      : { reason: "scope", message };
    this.#known.set(key, found);
    return found;
  }

  #own(place: Place): string | undefined {
    const { kind, account } = place;
    const problems = this.#listed(place, kind).length === 0
      ? [`${kind} was never listed in account ${account}`]
      : this.#incomplete(kind, this.#bad(place, kind));
    if (problems.length === 0) return;
    return `${problems.join(", ")}: it may not be as it is shown`;
  }

  /** All of it at once: whoever mends one would meet the next one else. */
  #dependants(place: Place): string | undefined {
    const never: string[] = [];
    const problems: string[] = [];
    for (const kind of this.#after(place)) {
      const isUnlisted = this.#listed(place, kind).length === 0;
      const bad = this.#bad(place, kind);
      if (!isUnlisted && bad.length === 0) continue;
      // What was listed once may have come to be, and then listing it failed.
      const isUnseen = bad.every(({ status, listedMs }) =>
        listedMs === null || status === "unmentioned" || status === "gone"
      );
      if (isUnseen && this.#isAbsent(kind)) this.#unseen.add(kind);
      else if (isUnlisted) never.push(kind);
      else problems.push(...this.#incomplete(kind, bad));
    }
    if (never.length > 0) {
      const were = never.length === 1 ? "was" : "were";
      problems.push(
        `${never.join(", ")} ${were} never listed in account ${place.account}`,
      );
    }
    if (problems.length === 0) return;
    return `${problems.join(", ")}: what hangs on it may not be known` +
      (never.length === 0
        ? ""
        : "; wanted them to be collected, or named in unseen_kinds if there " +
          "are none");
  }

  /** Kinds whose resources are deleted before, as they are listed. */
  #after(place: Place): readonly string[] {
    const named = this.#kinds.declaration(place.kind)?.deletedAfter ?? [];
    const all = named.flatMap((kind) => {
      const inner = this.#kinds.concrete(kind).filter((each) =>
        each !== kind && this.#listed(place, each).length > 0
      );
      // A kind of kinds is not listed by itself.
      return this.#listed(place, kind).length === 0 && inner.length > 0
        ? inner
        : [kind, ...inner];
    });
    return [...new Set(all)];
  }

  #isAbsent(kind: string): boolean {
    return this.#absent.has(kind) ||
      this.#kinds.kindsOf(kind).some((each) => this.#absent.has(each));
  }

  /** Clauses about scopes of one kind; regions with one reason go together. */
  #incomplete(kind: string, bad: readonly ScopeState[]): string[] {
    const regions = new Map<string, string[]>();
    for (const scope of bad) {
      const why = this.#whyOf(scope);
      const known = regions.get(why) ?? [];
      regions.set(why, scope.region === "" ? known : [...known, scope.region]);
    }
    return [...regions].map(([why, names]) => {
      const where = names.length === 0 ? "" : ` in ${names.join(", ")}`;
      return `${kind} was not listed completely${where} (${why})`;
    });
  }

  #whyOf({ listedMs, reason, status }: ScopeState): string {
    if (status === "complete" && listedMs !== null) {
      const { max_age, nowMs } = this.#rules;
      const age = formatDuration(nowMs - listedMs, 1);
      return `${age} ago the last time, max_age is ${max_age}`;
    }
    return reason === null || reason === status
      ? status
      : `${status}, ${reason}`;
  }

  #isOld({ listedMs }: ScopeState): boolean {
    return listedMs !== null &&
      this.#rules.nowMs - listedMs > maxAgeMs(this.#rules);
  }

  #listed({ cloud, account }: Place, kind: string): readonly ScopeState[] {
    return this.#scopes.get(JSON.stringify([cloud, account, kind])) ?? [];
  }

  /**
   * Listings that are not complete and count for a place. A region in which a
   * kind is not listed, while it is in others, has none of it.
   */
  #bad(place: Place, kind: string): readonly ScopeState[] {
    const { region } = place;
    return this.#listed(place, kind).filter((scope) =>
      (scope.status !== "complete" || this.#isOld(scope)) &&
      (region === "" || scope.region === "" || scope.region === region)
    );
  }
}
