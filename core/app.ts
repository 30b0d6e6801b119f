/**
 * The composition root of core: opens everything, serves it, closes it again.
 *
 * @module
 */

import { verifyToken } from "@skymap/lib/auth";
import { SkymapError } from "@skymap/lib/errors";
import { aborted, delay } from "@skymap/lib/lifecycle";
import { logger } from "@skymap/lib/log";
import { VERSION } from "@skymap/lib/version";
import { coreCommandLine } from "./core_command_line.ts";
import { startFirstRun } from "./first_run.ts";
import { CoreMetrics, createApi, type Services } from "./http/mod.ts";
import { type CoreOptions, openConfiguredDatabase } from "./open_database.ts";
import { openCore, type OpenServices } from "./open_core.ts";
import { serve } from "./serve.ts";

/** Time that requests in flight have to end when core stops. */
const DRAIN_MS = 5_000;

const log = logger("core");

/**
 * Serves from the first moment: health at once, everything else when the
 * databases are open. An index that is rebuilt may take minutes.
 */
class Front {
  readonly #key: string;
  readonly #metrics: CoreMetrics;
  #open: OpenServices | undefined;
  #reason = "core is starting";

  constructor(key: string, metrics: CoreMetrics) {
    this.#key = key;
    this.#metrics = metrics;
  }

  open(services: OpenServices): void {
    this.#open = services;
  }

  close(): void {
    this.#open = undefined;
    this.#reason = "core is stopping";
  }

  #services(): OpenServices {
    if (this.#open !== undefined) return this.#open;
    throw new SkymapError("unavailable", `Cannot answer yet: ${this.#reason}`);
  }

  services(): Services {
    const open = () => this.#services();
    return {
      version: VERSION,
      ready: () => this.#open === undefined ? this.#reason : undefined,
      authenticate: (token) => verifyToken(this.#key, token),
      metrics: () => this.#metrics.blocks(),
      time: this.#metrics.time,
      graphs: () => open().graphs(),
      graph: (name) => open().graph(name),
      get graphSet() {
        return open().graphSet;
      },
      get system() {
        return open().system;
      },
      get subscribers() {
        return open().subscribers;
      },
      get templates() {
        return open().templates;
      },
      get configs() {
        return open().configs;
      },
      get commandConfig() {
        return open().commandConfig;
      },
      get plugins() {
        return open().plugins;
      },
      get pluginCommands() {
        return open().pluginCommands;
      },
      get workflows() {
        return open().workflows;
      },
      get cleanup() {
        return open().cleanup;
      },
      get jobs() {
        return open().jobs;
      },
      rpc: (request) => open().rpc(request),
    };
  }
}

/** How long a core whose disk is full has to answer its last requests. */
const FULL_GRACE_MS = 3_000;

/**
 * Runs until `signal` aborts.
 *
 * @throws {SkymapError} `database_full`, once the disk is: the engine then says
 * more than it wrote, and only a new process knows better.
 */
export async function runCore(options: CoreOptions): Promise<void> {
  const { dataDir } = options;
  const full = new AbortController();
  const onFull = (cause: unknown) => {
    if (full.signal.aborted) return;
    const error = new SkymapError(
      "database_full",
      `Cannot go on: the disk that holds "${dataDir}" is full; free some ` +
        "space, core is right again when it is started anew",
      { cause, details: { path: dataDir } },
    );
    log.error("{message}", { message: error.message });
    full.abort(error);
  };
  const signal = AbortSignal.any([options.signal, full.signal]);
  // An engine that cannot write may never close.
  const late = aborted(full.signal).then(() => delay(FULL_GRACE_MS));
  try {
    await Promise.race([serveUntil({ ...options, onFull, signal }), late]);
  } catch (error) {
    full.signal.throwIfAborted();
    throw error;
  }
  full.signal.throwIfAborted();
}

/** Opens the control plane and the graphs, and serves until `signal` aborts. */
async function serveUntil(options: CoreOptions): Promise<void> {
  const { settings, dataDir, key, signal } = options;
  const metrics = new CoreMetrics();
  const front = new Front(key, metrics);
  const coreServices = front.services();
  const commandLine = coreCommandLine(coreServices, {
    watch: (events) => metrics.work.lines(events),
  });
  const api = createApi(coreServices, commandLine);
  const server = serve(settings, (request) => api.fetch(request));
  await using _served = {
    [Symbol.asyncDispose]: async () => {
      await Promise.race([server.shutdown(), delay(DRAIN_MS)]);
    },
  };
  log.info("Listening on http://{host}:{port}", {
    host: settings.host,
    port: server.addr.port,
  });

  await using database = await openConfiguredDatabase(options);
  const opened = Promise.withResolvers<void>();
  await using core = await openCore({
    ...options,
    database,
    metrics,
    commandLine,
    opened: opened.promise,
  });
  front.open(core.services);
  metrics.process.setReady(true);
  opened.resolve();
  using _first = await startFirstRun(core.engine, core.subscribers);
  log.info("Ready; the data is in {dataDir}", { dataDir });
  await aborted(signal);
  log.info("Stopping");
  front.close();
  metrics.process.setReady(false);
  // Requests in flight end before what they use is closed; one whose sender
  // says nothing more does not keep core from ending.
  await Promise.race([server.shutdown(), delay(DRAIN_MS)]);
}
