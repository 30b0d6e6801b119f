/**
 * How fast a service of one region is called: as fast as it can be, until it
 * says that it is too fast.
 *
 * @module
 */

/** The time, and what happens later. */
export interface RateClock {
  /** Milliseconds since some moment. */
  now(): number;
  /** Calls again and again until it is disposed of. */
  every(intervalMs: number, callback: () => void): Disposable;
}

/** The time of the machine. */
export const MACHINE_CLOCK: RateClock = {
  now: () => performance.now(),
  every(intervalMs, callback) {
    const timer = setInterval(callback, intervalMs);
    return { [Symbol.dispose]: () => clearInterval(timer) };
  },
};

/** Resolves after a time; rejects with the reason of an abort. */
export function pause(
  clock: RateClock,
  milliseconds: number,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  if (milliseconds <= 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = () => {
      timer[Symbol.dispose]();
      reject(signal.reason);
    };
    const timer = clock.every(milliseconds, () => {
      timer[Symbol.dispose]();
      signal.removeEventListener("abort", stop);
      resolve();
    });
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Bounds calls that run side by side, of all services together. */
export class CallSlots {
  readonly #limit: number;
  readonly #waiting = new Set<() => void>();
  #taken = 0;

  /** Makes slots, all of them free. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes one; without any left, `free` is called once there is. */
  take(free: () => void): boolean {
    if (this.#taken >= this.#limit) {
      this.#waiting.add(free);
      return false;
    }
    this.#taken++;
    return true;
  }

  /** Gives one back. */
  give(): void {
    this.#taken--;
    const [next] = this.#waiting;
    if (next === undefined) return;
    // To the end of the line, should it need more of them.
    this.#waiting.delete(next);
    next();
  }
}

/** What a governor is made with. */
export interface RateGovernorOptions {
  /** Calls side by side. */
  readonly concurrency: number;
  /** Shared with other governors. Default: none are needed. */
  readonly slots?: CallSlots;
  /** Default: that of the machine. */
  readonly clock?: RateClock;
}

/** The permission to make one call. */
export interface Turn {
  /** Milliseconds that were waited for it. */
  readonly waitedMs: number;
  /** Says how the call ended, so that the next may begin. */
  end(outcome: TurnOutcome): void;
}

/** How a call ended. */
export type TurnOutcome =
  | { readonly throttled?: false }
  | {
    /** The service said that there are too many calls. */
    readonly throttled: true;
    /** Milliseconds it wants to be left alone, if it said so. */
    readonly retryAfterMs?: number | undefined;
  };

/** Calls a second, below which nothing is slowed down. */
const SLOWEST = 1;
/** Between two cuts: what was under way at the first one is no second reason. */
const CUT_GAP_MS = 250;
/** Share of the rate of a throttle that is quickly gone back to. */
const NEAR = 0.9;
/** Seconds of calls until that. */
const RECOVERY_S = 3;
/** Share of the rate that a second adds from there on, and more each second. */
const GROWTH = 0.004;
/** Seconds of calls that may be made up for at once. */
const BURST_S = 0.1;
/** What a service was called in is measured over this time. */
const MEASURED_MS = 1_000;

/** Who waits for a turn. */
interface Waiter {
  readonly since: number;
  readonly start: (turn: Turn) => void;
}

/**
 * Gives turns to call one service of one region for one account. Nothing is held
 * back, beside a bound of calls side by side, until the service throttles. Then
 * the rate is halved, goes back to just below the one that was too much, and
 * grows slowly from there. Kinds take turns, so that one of many calls does not
 * hold up the others.
 */
export class RateGovernor {
  readonly #concurrency: number;
  readonly #slots: CallSlots | undefined;
  readonly #clock: RateClock;
  /** Those who wait, by kind; the first kind is next. */
  readonly #lanes = new Map<string, Waiter[]>();
  readonly #started: number[] = [];
  #running = 0;
  #rate: number | undefined;
  /** Rate of the last throttle. */
  #tooFast = Infinity;
  #lastCut = -Infinity;
  #tokens = 0;
  #filledAt = 0;
  #heldUntil = -Infinity;
  #timer: Disposable | undefined;

  /** Makes one that knows of no limit. */
  constructor(
    { concurrency, slots, clock = MACHINE_CLOCK }: RateGovernorOptions,
  ) {
    this.#concurrency = concurrency;
    this.#slots = slots;
    this.#clock = clock;
  }

  /** Calls a second that are let through; undefined while no limit is known. */
  get rate(): number | undefined {
    return this.#rate;
  }

  /** Waits for the turn of a kind; an abort gives it up. */
  turn(lane: string, signal: AbortSignal): Promise<Turn> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const give = () => {
        const lanes = this.#lanes.get(lane);
        lanes?.splice(lanes.indexOf(waiter), 1);
        if (lanes?.length === 0) this.#lanes.delete(lane);
        reject(signal.reason);
      };
      const waiter: Waiter = {
        since: this.#clock.now(),
        start: (turn) => {
          signal.removeEventListener("abort", give);
          resolve(turn);
        },
      };
      signal.addEventListener("abort", give, { once: true });
      const waiting = this.#lanes.get(lane);
      if (waiting === undefined) this.#lanes.set(lane, [waiter]);
      else waiting.push(waiter);
      this.#advance();
    });
  }

  /** Lets begin whatever may. */
  #advance = (): void => {
    while (this.#lanes.size > 0 && this.#running < this.#concurrency) {
      const delay = this.#delay();
      if (delay > 0) {
        this.#wake(delay);
        return;
      }
      if (!(this.#slots?.take(this.#advance) ?? true)) return;
      this.#begin();
    }
  };

  /** Milliseconds until the next call may begin. */
  #delay(): number {
    const now = this.#clock.now();
    const held = this.#heldUntil - now;
    if (this.#rate === undefined) return held;
    const most = Math.max(1, this.#rate * BURST_S);
    const gained = (now - this.#filledAt) / 1_000 * this.#rate;
    this.#tokens = Math.min(most, this.#tokens + gained);
    this.#filledAt = now;
    const missing = (1 - this.#tokens) / this.#rate * 1_000;
    // Too little to be told from nothing would be waited for again and again.
    return Math.max(held, missing < 1e-6 ? 0 : missing);
  }

  #wake(milliseconds: number): void {
    this.#timer ??= this.#clock.every(Math.max(1, milliseconds), () => {
      this.#timer?.[Symbol.dispose]();
      this.#timer = undefined;
      this.#advance();
    });
  }

  #begin(): void {
    const [[lane, waiting] = ["", []]] = this.#lanes;
    const waiter = waiting.shift();
    if (waiter === undefined) return;
    // To the end, behind the other kinds.
    this.#lanes.delete(lane);
    if (waiting.length > 0) this.#lanes.set(lane, waiting);
    const begun = this.#clock.now();
    if (this.#rate !== undefined) this.#tokens -= 1;
    this.#running++;
    this.#started.push(begun);
    while ((this.#started[0] ?? begun) <= begun - MEASURED_MS) {
      this.#started.shift();
    }
    let ended = false;
    waiter.start({
      waitedMs: begun - waiter.since,
      end: (outcome) => {
        if (ended) return;
        ended = true;
        this.#running--;
        if (outcome.throttled) this.#cut(begun, outcome.retryAfterMs);
        else this.#grow();
        this.#slots?.give();
        this.#advance();
      },
    });
  }

  #cut(begun: number, retryAfterMs = 0): void {
    const now = this.#clock.now();
    this.#heldUntil = Math.max(this.#heldUntil, now + retryAfterMs);
    if (begun < this.#lastCut || now < this.#lastCut + CUT_GAP_MS) return;
    const measured = this.#started
      .filter((at) => at > now - MEASURED_MS).length / MEASURED_MS * 1_000;
    this.#lastCut = now;
    this.#tooFast = Math.max(
      2 * SLOWEST,
      Math.min(this.#rate ?? Infinity, measured),
    );
    this.#rate = this.#tooFast / 2;
    this.#tokens = 0;
    this.#filledAt = now;
  }

  /** Seconds since the last cut. */
  #calm(): number {
    return (this.#clock.now() - this.#lastCut) / 1_000;
  }

  /** Each call that goes well is worth its part of a second. */
  #grow(): void {
    if (this.#rate === undefined) return;
    const near = this.#tooFast * NEAR;
    const perSecond = this.#rate < near
      ? (near - this.#tooFast / 2) / RECOVERY_S
      : GROWTH * this.#rate * Math.max(1, this.#calm() - RECOVERY_S);
    this.#rate += perSecond / this.#rate;
  }
}

/** What governors of an account are made with. */
export interface RateGovernorsOptions {
  /** Calls of a service in a region side by side. Default: 20. */
  readonly byDefault?: number;
  /** The same by service. Default: none. */
  readonly services?: Readonly<Record<string, number>>;
  /** Calls of the account side by side. Default: 128. */
  readonly total?: number;
  /** Default: that of the machine. */
  readonly clock?: RateClock;
}

/** The governors of one account: one for each region and service. */
export class RateGovernors {
  /** What they and those who use them go by. */
  readonly clock: RateClock;
  readonly #byDefault: number;
  readonly #services: Readonly<Record<string, number>>;
  readonly #slots: CallSlots;
  readonly #governors = new Map<string, RateGovernor>();

  /** Makes them; no limit is known yet. */
  constructor(
    {
      byDefault = 20,
      services = {},
      total = 128,
      clock = MACHINE_CLOCK,
    }: RateGovernorsOptions = {},
  ) {
    this.#byDefault = byDefault;
    this.#services = services;
    this.#slots = new CallSlots(total);
    this.clock = clock;
  }

  /** The governor of a service in a region. */
  of(region: string, service: string): RateGovernor {
    const key = `${region}:${service}`;
    let governor = this.#governors.get(key);
    if (governor === undefined) {
      governor = new RateGovernor({
        concurrency: this.#services[service] ?? this.#byDefault,
        slots: this.#slots,
        clock: this.clock,
      });
      this.#governors.set(key, governor);
    }
    return governor;
  }
}
