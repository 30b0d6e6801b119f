import { ok, strictEqual } from "node:assert/strict";
import { FakeClock } from "@skymap/lib/testing";
import { CallSlots, RateGovernor, type Turn } from "./rate_governor.ts";

/** A seeded source of numbers, so that a failure can be tried again. */
function numbers(seed: number): () => number {
  let state = (seed * 2_654_435_761) % 2 ** 32;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** A service that refuses what is above its rate, as AWS does. */
class Limited {
  readonly #clock: FakeClock;
  readonly #burst: number;
  rate: number;
  #tokens: number;
  #at: number;

  constructor(clock: FakeClock, rate: number, burst: number) {
    this.#clock = clock;
    this.rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = clock.now();
  }

  admits(): boolean {
    const now = this.#clock.now();
    const gained = (now - this.#at) / 1_000 * this.rate;
    this.#tokens = Math.min(this.#burst, this.#tokens + gained);
    this.#at = now;
    if (this.#tokens < 1) return false;
    this.#tokens--;
    return true;
  }
}

/** Lets promises that are settled go on. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await Promise.resolve();
}

interface Played {
  readonly done: Map<string, number>;
  readonly calls: number;
  readonly throttled: number;
  readonly mostRunning: number;
}

/** Calls a limited service for a time, each kind as often as it may. */
async function play(
  options: {
    readonly seed: number;
    readonly rate: number;
    readonly burst: number;
    readonly concurrency: number;
    readonly seconds: number;
    readonly kinds: Readonly<Record<string, number>>;
    readonly changesTo?: number;
  },
): Promise<Played> {
  const clock = new FakeClock();
  const random = numbers(options.seed);
  const service = new Limited(clock, options.rate, options.burst);
  const governor = new RateGovernor({
    concurrency: options.concurrency,
    clock,
  });
  const abort = new AbortController();
  const done = new Map<string, number>();
  let calls = 0;
  let throttled = 0;
  let running = 0;
  let mostRunning = 0;
  async function work(kind: string): Promise<void> {
    for (;;) {
      const turn = await governor.turn(kind, abort.signal);
      calls++;
      running++;
      mostRunning = Math.max(mostRunning, running);
      const admitted = service.admits();
      await new Promise<void>((resolve) => {
        const timer = clock.every(5 + random() * 40, () => {
          timer[Symbol.dispose]();
          resolve();
        });
      });
      running--;
      if (admitted) {
        done.set(kind, (done.get(kind) ?? 0) + 1);
        turn.end({});
      } else {
        throttled++;
        turn.end({ throttled: true });
      }
    }
  }
  const all = Object.entries(options.kinds).flatMap(([kind, callers]) =>
    Array.from(
      { length: callers },
      () =>
        work(kind).catch((reason) => strictEqual(reason, abort.signal.reason)),
    )
  );
  for (let at = 0; at < options.seconds * 1_000; at += 5) {
    if (at === options.seconds * 500 && options.changesTo !== undefined) {
      service.rate = options.changesTo;
    }
    clock.advance(5);
    await settle();
  }
  abort.abort(new RangeError("enough"));
  // Those under way end, and then find the abort.
  clock.advance(1_000);
  await settle();
  await Promise.all(all);
  return { done, calls, throttled, mostRunning };
}

const total = ({ done }: Played) =>
  [...done.values()].reduce((sum, each) => sum + each, 0);

const CASES = Array.from({ length: 24 }, (_, at) => {
  const random = numbers(at + 1);
  return {
    seed: at,
    rate: Math.round(2 + random() * 98),
    burst: Math.round(5 + random() * 100),
    concurrency: Math.round(4 + random() * 26),
    seconds: 90,
    kinds: { a: 1 + Math.floor(random() * 50), b: 1, c: 10 },
  };
});

for (const each of CASES) {
  const what = `rate ${each.rate}, burst ${each.burst}, ${each.concurrency}`;
  Deno.test(`RateGovernor uses most of what a service gives (${what})`, async () => {
    const played = await play(each);
    ok(played.mostRunning <= each.concurrency, `${played.mostRunning}`);
    // What the callers could do at best, each call taking 25 ms.
    const callers = Object.values(each.kinds).reduce((a, b) => a + b, 0);
    const most = Math.min(callers, each.concurrency) / 0.025;
    const ideal = Math.min(most, each.rate) * each.seconds;
    ok(total(played) >= ideal * 0.75, `${total(played)} of ${ideal}`);
    ok(
      played.throttled <= played.calls * 0.1 + each.concurrency,
      `${played.throttled} of ${played.calls} throttled`,
    );
  });
}

Deno.test("RateGovernor finds a rate that has changed", async () => {
  const options = {
    seed: 1,
    burst: 10,
    concurrency: 20,
    seconds: 120,
    kinds: { a: 20 },
  };
  const slower = await play({ ...options, rate: 50, changesTo: 10 });
  ok(slower.throttled < slower.calls * 0.1, `${slower.throttled}`);
  const faster = await play({ ...options, rate: 10, changesTo: 50 });
  ok(total(faster) > (10 + 50 / 2) * 60 * 0.8, `${total(faster)}`);
});

Deno.test("RateGovernor lets a kind of few calls past one of many", async () => {
  const { done } = await play({
    seed: 3,
    rate: 20,
    burst: 20,
    concurrency: 10,
    seconds: 60,
    kinds: { many: 200, few: 5 },
  });
  // Both always wait for a turn, so they get as many.
  const [many = 0, few = 0] = [done.get("many"), done.get("few")];
  ok(Math.abs(many - few) <= 0.2 * many, `${many} to ${few}`);
});

Deno.test("RateGovernor holds calls back as long as the service says", async () => {
  const clock = new FakeClock();
  const governor = new RateGovernor({ concurrency: 1, clock });
  const { signal } = new AbortController();
  (await governor.turn("a", signal)).end({
    throttled: true,
    retryAfterMs: 30_000,
  });
  let turn: Turn | undefined;
  governor.turn("a", signal).then((given) => turn = given);
  clock.advance(29_999);
  await settle();
  strictEqual(turn, undefined);
  clock.advance(2);
  await settle();
  ok((turn as Turn | undefined)?.waitedMs, "it has its turn");
});

Deno.test("RateGovernor forgets who gives up", async () => {
  const governor = new RateGovernor({ concurrency: 1 });
  const { signal } = new AbortController();
  const first = await governor.turn("a", signal);
  const abort = new AbortController();
  const gone = governor.turn("a", abort.signal);
  const second = governor.turn("b", signal);
  abort.abort(new RangeError("enough"));
  await gone.then(
    () => ok(false, "it was given a turn"),
    (reason) => strictEqual(reason, abort.signal.reason),
  );
  first.end({});
  (await second).end({});
});

Deno.test("CallSlots bound the calls of all governors", async () => {
  const slots = new CallSlots(2);
  const { signal } = new AbortController();
  const governors = [1, 2, 3].map(() =>
    new RateGovernor({ concurrency: 9, slots })
  );
  const turns: Turn[] = [];
  const all = governors.flatMap((governor) =>
    [1, 2].map((number) =>
      governor.turn(`${number}`, signal).then((turn) => turns.push(turn))
    )
  );
  for (let ended = 0; ended < 6; ended++) {
    await settle();
    strictEqual(turns.length, Math.min(6, ended + 2));
    turns[ended]?.end({});
  }
  await Promise.all(all);
});
