/**
 * What every collector of an API of the web must do when that refuses, is late
 * or is not there.
 *
 * @module
 */

import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { collectPlugin } from "@skymap/lib/testing";
import { type Collector, type Trial, tryCollector } from "./collector_trial.ts";
import { type Exchange, RecordedApi } from "./recorded_api.ts";
import { freePort } from "./system.ts";

/** Answers that are no listing, and what becomes of their scope. */
export type RefusalCase = readonly [
  what: string,
  responses: readonly Exchange["response"][],
  outcome: {
    readonly code: string;
    readonly permission?: string;
    /** Pauses before it fails. Default: 0. */
    readonly waits?: number;
  },
];

/** How a collector's refusals are tried. */
export interface RefusalOptions<C> {
  /** Name of the plugin. */
  readonly name: string;
  /** The collector. */
  readonly collector: Collector<C>;
  /** The scope that is refused. */
  readonly scope: string;
  /** Pauses of a run that is not refused. */
  readonly otherWaits: number;
  /** The recorded answers, with these in place of the scope's. */
  readonly recorded: (
    responses: readonly Exchange["response"][],
  ) => Promise<readonly Exchange[]>;
  /** Answers that are no listing. */
  readonly cases: readonly RefusalCase[];
  /** Checks what else has to be so. */
  readonly check?: (trial: Trial) => void;
}

/** Tests that a refusal fails its scope, with its reason, and no other. */
export function testRefusals<C>(options: RefusalOptions<C>): void {
  const { name, collector, scope, otherWaits, recorded, cases } = options;
  for (const [what, responses, { code, permission, waits = 0 }] of cases) {
    Deno.test(`${name} fails a scope for ${what}`, async () => {
      const trial = await tryCollector(collector, await recorded(responses));
      const { error } = trial.found.scopes.get(scope) ?? {};
      strictEqual(error?.code, code);
      strictEqual(error.permission, permission);
      strictEqual(trial.waits.length - otherWaits, waits);
      deepStrictEqual(trial.unused, []);
      strictEqual(
        [...trial.found.scopes.values()].filter(({ error }) => error).length,
        1,
      );
      options.check?.(trial);
    });
  }
}

/** Tests that a collector waits for its server, and for how long. */
export function testPatience<C>(
  { name, collector, first }: {
    /** Name of the plugin. */
    readonly name: string;
    /** The collector. */
    readonly collector: Collector<C>;
    /** What it asks for first. */
    readonly first: Exchange["request"];
  },
): void {
  const { make, config } = collector;

  Deno.test(`${name} gives up on a server that never answers`, async () => {
    await using api = new RecordedApi(
      Array.from({ length: 6 }, () => ({
        request: first,
        response: { hang: true },
      })),
    );
    const plugin = make({ timeoutMs: 20, sleep: () => Promise.resolve() });
    await rejects(collectPlugin(plugin, { config: config(api.origin) }), {
      code: "timed_out",
      message: /no answer within 20 ms/,
    });
    deepStrictEqual(api.unused, []);
  });

  Deno.test(`${name} tells when nobody listens, after it has tried again`, async () => {
    let waits = 0;
    const plugin = make({ sleep: () => Promise.resolve(void waits++) });
    const origin = `http://127.0.0.1:${freePort()}`;
    await rejects(collectPlugin(plugin, { config: config(origin) }), {
      code: "connection_failed",
    });
    strictEqual(waits, 5);
  });

  const passing: readonly Exchange["response"][] = [
    { status: 503 },
    { status: 429, headers: { "retry-after": "60" } },
  ];
  for (const response of passing) {
    Deno.test(`${name} stops when it is told to, also between two tries of ${response.status}`, async () => {
      await using api = new RecordedApi([{ request: first, response }]);
      const controller = new AbortController();
      const plugin = make({
        sleep: (_, signal) => {
          controller.abort(new Error("stop"));
          return Promise.reject(signal?.reason);
        },
      });
      await rejects(
        collectPlugin(plugin, {
          config: config(api.origin),
          signal: controller.signal,
        }),
        { message: "stop" },
      );
    });
  }
}
