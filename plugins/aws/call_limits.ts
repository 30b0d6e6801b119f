/** Lets a bounded number of calls run at the same time, first come first served. */
class Gate {
  readonly #limit: number;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#limit) {
      // Whoever leaves hands its place over, so the count stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#running++;
    }
    try {
      return await call();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#running--;
      else next();
    }
  }
}

/** How many calls of a service run side by side in one region. */
export interface CallLimitOptions {
  /** For services that are not named. Default: 20. */
  readonly byDefault?: number;
  /** By service. Default: none. */
  readonly services?: Readonly<Record<string, number>>;
}

/** Bounds the calls to each service of each region. */
export class CallLimits {
  readonly #byDefault: number;
  readonly #services: Readonly<Record<string, number>>;
  readonly #gates = new Map<string, Gate>();

  /** Makes limits under which nothing runs yet. */
  constructor({ byDefault = 20, services = {} }: CallLimitOptions = {}) {
    this.#byDefault = byDefault;
    this.#services = services;
  }

  /** Runs a call as soon as there is room for it. */
  run<T>(
    region: string,
    service: string,
    call: () => Promise<T>,
  ): Promise<T> {
    const key = `${region}:${service}`;
    let gate = this.#gates.get(key);
    if (gate === undefined) {
      gate = new Gate(this.#services[service] ?? this.#byDefault);
      this.#gates.set(key, gate);
    }
    return gate.run(call);
  }
}
