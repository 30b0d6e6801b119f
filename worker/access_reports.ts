import type { PluginAccessJson } from "@skymap/lib/client";
import { isSkymapError, messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { PluginAccess } from "./plugin/host.ts";

/** What {@linkcode AccessReports} needs. */
export interface AccessReportsOptions {
  /** Tells core; throws when it does not take it. */
  readonly send: (accesses: readonly PluginAccessJson[]) => Promise<void>;
  /** Different accesses that are kept for a core that is away. Default: 5,000. */
  readonly maxKept?: number;
  /** Gives the time. Default: the clock. */
  readonly now?: () => Date;
}

/** Accesses in one request. */
const PAGE = 1_000;

/** Longest id of an account that core takes. */
const MAX_ACCOUNT = 500;

/** Permission of an entry that stands for what was not kept. */
export const NOT_KEPT = "not_kept";

const log = logger("worker/plugin");

/**
 * What plugins reached for, counted until core knows it: a core that is away
 * is told later.
 */
export class AccessReports {
  readonly #options: AccessReportsOptions;
  #kept = new Map<string, PluginAccessJson>();
  #sending: Promise<void> = Promise.resolve();

  /** Makes an empty one. */
  constructor(options: AccessReportsOptions) {
    this.#options = options;
  }

  /** How many different accesses core does not know of. */
  get size(): number {
    return this.#kept.size;
  }

  /** Adds what a process reached for. */
  add(plugin: string, version: string, access: PluginAccess): void {
    const at = (this.#options.now ?? (() => new Date()))().toISOString();
    const { request, account, accesses, dropped } = access;
    const common = {
      plugin,
      version,
      phase: request,
      ...(account !== undefined && { account: account.slice(0, MAX_ACCOUNT) }),
      first_at: at,
      last_at: at,
    };
    for (const { permission, value, allowed, count } of accesses) {
      this.#put({ ...common, permission, value, allowed, count });
    }
    if (dropped === 0) return;
    this.#put({ ...common, ...notKept, count: dropped });
  }

  #put(access: PluginAccessJson): void {
    const { maxKept = 5_000 } = this.#options;
    const key = keyOf(access);
    const before = this.#kept.get(key);
    if (before !== undefined) {
      this.#kept.set(key, {
        ...before,
        count: before.count + access.count,
        last_at: access.last_at,
      });
    } else if (this.#kept.size < maxKept || access.permission === NOT_KEPT) {
      this.#kept.set(key, access);
    } else {
      const { phase: _phase, account: _account, ...rest } = access;
      this.#put({ ...rest, ...notKept });
    }
  }

  /** Tells core, unless it is away: then it stays for the next time. */
  flush(): Promise<void> {
    this.#sending = this.#sending.then(() => this.#send()).catch((error) => {
      log.warn("Cannot tell what plugins did, trying again later: {reason}", {
        reason: messageOf(error),
      });
    });
    return this.#sending;
  }

  async #send(): Promise<void> {
    while (this.#kept.size > 0) {
      const page = [...this.#kept.values()].slice(0, PAGE);
      for (const access of page) this.#kept.delete(keyOf(access));
      try {
        await this.#options.send(page);
      } catch (error) {
        // What core will never take must not keep it from the rest.
        if (isSkymapError(error, "body_invalid")) {
          log.error("Cannot tell what plugins did: {reason}", {
            reason: messageOf(error),
          });
          continue;
        }
        // Before what came meanwhile, so that times stay in order.
        const later = this.#kept;
        this.#kept = new Map(page.map((each) => [keyOf(each), each]));
        for (const access of later.values()) this.#put(access);
        throw error;
      }
    }
  }
}

const notKept = { permission: NOT_KEPT, value: "", allowed: false } as const;

function keyOf(access: PluginAccessJson): string {
  const { plugin, version, phase, account, permission, value, allowed } =
    access;
  return JSON.stringify([
    plugin,
    version,
    phase,
    account,
    permission,
    value,
    allowed,
  ]);
}
