/**
 * A whole core in this process, with the demo cloud in its graph and a clock
 * that stands still.
 *
 * @module
 */

import type { CommandLine, LineRequest } from "../../core/cli/command_line.ts";
import type { CoreServices } from "../../core/cli/core_services.ts";
import { coreCommandLine } from "../../core/core_command_line.ts";
import { SecretMarks } from "../../core/config/secrets.ts";
import { openTestDatabase } from "../../core/db/test_database.ts";
import { toBody } from "../../core/graph/_toy_graph.ts";
import { CoreMetrics } from "../../core/http/core_metrics.ts";
import { openCore } from "../../core/open_core.ts";
import { SETTINGS } from "../../core/settings.ts";
import { readSettings } from "@skymap/lib/settings";
import { manifestOf } from "@skymap/lib/plugin_host";
import { FakeClock } from "@skymap/lib/testing";
import demo from "../../plugins/demo/mod.ts";
import { readConfig } from "../../plugins/demo/settings.ts";
import { demoMessages } from "../helpers/demo_messages.ts";

/** When lines run. */
export const NOW_MS: number = Date.UTC(2026, 10, 21, 12);

const HOUR_MS = 3_600_000;

/** Hours before {@linkcode NOW_MS} at which the demo cloud was collected. */
const COLLECTED = [25, 1];

/** A core with the demo cloud in its graph. */
export interface DemoCore extends AsyncDisposable {
  /** What reads and runs lines. */
  readonly commandLine: CommandLine;
  /** The rest of it. */
  readonly services: CoreServices;
  /** What time it is there. */
  readonly clock: FakeClock;
  /** A request of an operator. */
  request(more?: Partial<LineRequest>): LineRequest;
}

/** Opens a core; the demo cloud was collected twice, a day apart. */
export async function openDemoCore(): Promise<DemoCore> {
  await using stack = new AsyncDisposableStack();
  const clock = new FakeClock(NOW_MS - 26 * HOUR_MS);
  const database = stack.use(await openTestDatabase());
  const controller = new AbortController();
  const { signal } = controller;
  const opened = Promise.withResolvers<void>();
  const open: { services?: CoreServices } = {};
  const commandLine = coreCommandLine(
    new Proxy({} as CoreServices, {
      get: (_target, name) => Reflect.get(open.services ?? {}, name),
    }),
    { clock },
  );
  const { settings } = readSettings(SETTINGS, {
    role: "core",
    brief: "",
    args: ["--no-scheduling"],
    env: () => undefined,
  });
  let runs = 0;
  const core = stack.use(
    await openCore({
      settings,
      database: database.db,
      dataDir: database.dataDir,
      metrics: new CoreMetrics(),
      commandLine,
      opened: opened.promise,
      clock,
      // Marks of secrets are the same each time.
      marks: new SecretMarks(new Uint8Array(32)),
      newId: () => `run${String(++runs).padStart(23, "0")}`,
      signal,
    }),
  );
  const services: CoreServices = { ...core.services, version: "1.2.3" };
  open.services = services;
  opened.resolve();
  await collect(services, clock);
  const held = stack.move();
  return {
    commandLine,
    services,
    clock,
    request: (more = {}) => ({
      caller: { subject: "ada", role: "operator" },
      signal,
      ...more,
    }),
    async [Symbol.asyncDispose]() {
      controller.abort();
      await held.disposeAsync();
    },
  };
}

/** Collects the demo cloud; one listing fails the second time. */
async function collect(services: CoreServices, clock: FakeClock) {
  const graph = services.graph("main");
  const { signal } = new AbortController();
  await services.plugins.announce([manifestOf(demo)], "worker.local");
  await graph.updateModel({
    plugin: {
      name: "demo",
      version: "1.0.0",
      cloud: "demo",
      containers: demo.containers,
      kinds: demo.kinds,
    },
  });
  for (const [at, hours] of COLLECTED.entries()) {
    const time = NOW_MS - hours * HOUR_MS;
    clock.advance(time - clock.now());
    const config = readConfig({
      size: 0.1,
      accounts: 2,
      regions: ["eu-west", "us-east"],
      tick: time / HOUR_MS,
      fail: at === 0 ? [] : ["*/us-east/demo_snapshot"],
    });
    const messages = await demoMessages(config);
    await graph.merge(toBody([...messages, { type: "end" }]), {
      source: "demo",
      signal,
    });
    if (at === 0) await graph.snapshots.create("before", undefined, signal);
  }
  clock.advance(NOW_MS - clock.now());
}
