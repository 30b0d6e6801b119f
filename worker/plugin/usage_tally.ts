import { isObject } from "@skymap/lib/json";
import type { ScopeUsage } from "@skymap/lib/plugin";

/** What one scope took. */
export interface ScopeReport {
  /** The kind that was listed. */
  readonly kind: string;
  /** Its region; empty for none. */
  readonly region: string;
  /** Seconds from its opening to its end. */
  readonly seconds: number;
  /** What the plugin told of its calls. */
  readonly usage?: ScopeUsage;
}

/** What an account took. */
export interface UsageReport {
  /** Seconds in all. */
  readonly seconds: number;
  /** Scopes that were listed or failed. */
  readonly scopes: number;
  /** All that was told of calls, or undefined when nothing was. */
  readonly usage: ScopeUsage | undefined;
  /** The scopes that took longest, the longest first. */
  readonly slowest: readonly ScopeReport[];
}

/** Scopes that a report names. */
const NAMED = 3;

const NAMES = ["calls", "throttles", "bytes", "waited_ms"] as const;

/** What a plugin told of a scope; undefined when it makes no sense. */
export function plainUsage(value: unknown): ScopeUsage | undefined {
  if (!isObject(value)) return;
  const numbers = NAMES.map((name) => value[name]);
  const isUsage = numbers.every((each) =>
    typeof each === "number" && each >= 0 && each <= Number.MAX_SAFE_INTEGER
  );
  if (!isUsage) return;
  const [calls = 0, throttles = 0, bytes = 0, waited_ms = 0] =
    numbers as number[];
  return { calls, throttles, bytes, waited_ms };
}

/** Adds up what the scopes of an account took. */
export class UsageTally {
  readonly #now: () => number;
  readonly #begun: number;
  #scopes = 0;
  #usage: ScopeUsage | undefined;
  #slowest: ScopeReport[] = [];

  /** Begins now; `now` gives milliseconds. Default: the clock. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#begun = now();
  }

  /** The time, for {@linkcode add}. */
  get now(): number {
    return this.#now();
  }

  /** Adds a scope that was opened then and ends now. */
  add(
    { kind, region }: { readonly kind: string; readonly region: string },
    openedAt: number,
    usage: ScopeUsage | undefined,
  ): void {
    this.#scopes++;
    const seconds = rounded(this.#now() - openedAt);
    const report = { kind, region, seconds, ...(usage && { usage }) };
    this.#slowest = [...this.#slowest, report]
      .sort((one, other) => other.seconds - one.seconds)
      .slice(0, NAMED);
    if (usage === undefined) return;
    const before = this.#usage;
    this.#usage = before === undefined ? usage : {
      calls: before.calls + usage.calls,
      throttles: before.throttles + usage.throttles,
      bytes: before.bytes + usage.bytes,
      waited_ms: before.waited_ms + usage.waited_ms,
    };
  }

  /** All of it up to now. */
  get report(): UsageReport {
    return {
      seconds: rounded(this.#now() - this.#begun),
      scopes: this.#scopes,
      usage: this.#usage,
      slowest: this.#slowest,
    };
  }
}

/** Milliseconds as seconds with two places. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds / 10) / 100;
}
