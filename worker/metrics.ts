import { Counter, Gauge, Histogram, Registry } from "prom-client";
import { type MetricBlock, registryBlocks } from "@skymap/lib/pages";

/** What a worker counts. */
export class WorkerMetrics {
  readonly #registry = new Registry();
  readonly #actions = new Counter({
    name: "skymap_worker_actions_total",
    help: "Actions by message type and how they ended",
    labelNames: ["type", "result"],
    registers: [this.#registry],
  });
  readonly #accounts = new Counter({
    name: "skymap_worker_accounts_total",
    help: "Collected accounts by plugin and how that ended",
    labelNames: ["plugin", "result"],
    registers: [this.#registry],
  });
  readonly #nodes = new Counter({
    name: "skymap_worker_nodes_total",
    help: "Nodes that plugins found",
    labelNames: ["plugin"],
    registers: [this.#registry],
  });
  readonly #running = new Gauge({
    name: "skymap_worker_accounts_running",
    help: "Accounts that are being collected",
    registers: [this.#registry],
  });
  readonly #seconds = new Histogram({
    name: "skymap_worker_account_seconds",
    help: "Time it took to collect an account",
    labelNames: ["plugin"],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600],
    registers: [this.#registry],
  });

  /** An action has ended. */
  action(type: string, result: "done" | "failed"): void {
    this.#actions.inc({ type, result });
  }

  /** Counts one account from its start to the call of what is returned. */
  account(plugin: string): (ok: boolean, nodes: number) => void {
    this.#running.inc();
    const stop = this.#seconds.startTimer({ plugin });
    return (ok, nodes) => {
      stop();
      this.#running.dec();
      this.#accounts.inc({ plugin, result: ok ? "done" : "failed" });
      this.#nodes.inc({ plugin }, nodes);
    };
  }

  /** All of them, as they are now. */
  blocks(): Promise<readonly MetricBlock[]> {
    return registryBlocks(this.#registry);
  }
}
