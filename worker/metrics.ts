import { Counter, Gauge, Histogram, Registry } from "prom-client";
import {
  boundedLabel,
  type MetricBlock,
  registryBlocks,
} from "@skymap/lib/pages";
import { VERSION } from "@skymap/lib/version";
import type { PluginAccess, ProcessWatch } from "./plugin/host.ts";
import type { KillReason } from "./plugin/process.ts";

/** Names of permissions that are told apart: a plugin may make some up. */
const MAX_PERMISSIONS = 32;

/** Reasons why a process is killed. */
const KILL_REASONS: readonly KillReason[] = ["memory", "timeout"];

/**
 * What a worker counts. Counters that alerts look at begin at 0: Prometheus
 * misses the first one of a series that was not there before.
 */
export class WorkerMetrics {
  readonly #registry = new Registry();
  readonly #actions = new Counter({
    name: "skymap_worker_actions_total",
    help: "Actions by message type and how they ended",
    labelNames: ["type", "result"],
    registers: [this.#registry],
  });
  readonly #tasks = new Counter({
    name: "skymap_worker_tasks_total",
    help: "Tasks by how they ended",
    labelNames: ["result"],
    registers: [this.#registry],
  });
  readonly #collects = new Histogram({
    name: "skymap_worker_collect_duration_seconds",
    help: "Time it took to collect all accounts",
    labelNames: ["result"],
    buckets: [1, 10, 60, 300, 1_800, 3_600, 14_400],
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
    name: "skymap_worker_account_duration_seconds",
    help: "Time it took to collect an account",
    labelNames: ["plugin"],
    buckets: [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600],
    registers: [this.#registry],
  });
  readonly #processes = new Gauge({
    name: "skymap_worker_plugin_processes_running",
    help: "Processes of plugins that run",
    registers: [this.#registry],
  });
  readonly #runs = new Counter({
    name: "skymap_worker_plugin_runs_total",
    help: "Processes of plugins by what they were asked and how they ended",
    labelNames: ["plugin", "phase", "result"],
    registers: [this.#registry],
  });
  readonly #kills = new Counter({
    name: "skymap_worker_plugin_kills_total",
    help:
      "Processes of plugins that were killed, by what they used too much of",
    labelNames: ["plugin", "reason"],
    registers: [this.#registry],
  });
  readonly #denials = new Counter({
    name: "skymap_worker_plugin_denials_total",
    help: "What plugins reached for and did not get",
    labelNames: ["plugin", "permission"],
    registers: [this.#registry],
  });
  readonly #permission = boundedLabel(MAX_PERMISSIONS);

  /** Makes the metrics; `isConnected` is asked for each page. */
  constructor(isConnected: () => boolean = () => false) {
    const registers = [this.#registry];
    new Gauge({
      name: "skymap_worker_connected",
      help: "Whether the worker is connected to core",
      registers,
      collect() {
        this.set(isConnected() ? 1 : 0);
      },
    });
    new Gauge({
      name: "skymap_worker_build_info",
      help: "Version of the worker",
      labelNames: ["version"],
      registers,
    }).set({ version: VERSION }, 1);
    new Gauge({
      name: "skymap_worker_start_timestamp_seconds",
      help: "When the worker was started",
      registers,
    }).set((Date.now() - performance.now()) / 1_000);
    new Gauge({
      name: "skymap_worker_resident_memory_bytes",
      help: "Resident memory of the worker, without its plugins",
      registers,
      collect() {
        this.set(Deno.memoryUsage().rss);
      },
    });
  }

  /** An action has ended. */
  action(type: string, result: "done" | "failed"): void {
    this.#actions.inc({ type, result });
  }

  /** Counts a task. */
  async task<T>(work: () => Promise<T>): Promise<T> {
    let result = "failed";
    try {
      const answer = await work();
      result = "done";
      return answer;
    } finally {
      this.#tasks.inc({ result });
    }
  }

  /** Times a collect of all accounts. */
  async collect(work: () => Promise<void>): Promise<void> {
    const end = this.#collects.startTimer();
    let result = "failed";
    try {
      await work();
      result = "done";
    } finally {
      end({ result });
    }
  }

  /** Counts one account from its start to the call of what is returned. */
  account(plugin: string): (ok: boolean, nodes: number) => void {
    this.#running.inc();
    for (const result of ["done", "failed"]) {
      this.#accounts.inc({ plugin, result }, 0);
    }
    const stop = this.#seconds.startTimer({ plugin });
    return (ok, nodes) => {
      stop();
      this.#running.dec();
      this.#accounts.inc({ plugin, result: ok ? "done" : "failed" });
      this.#nodes.inc({ plugin }, nodes);
    };
  }

  /** Watches a process of a plugin that was started for a request. */
  process(plugin: string, phase: string): ProcessWatch {
    this.#processes.inc();
    for (const reason of KILL_REASONS) {
      this.#kills.inc({ plugin, reason }, 0);
    }
    return {
      killed: (reason) => this.#kills.inc({ plugin, reason }),
      ended: (isOk) => {
        this.#processes.dec();
        const result = isOk ? "done" : "failed";
        this.#runs.inc({ plugin, phase, result });
      },
    };
  }

  /** Counts what a process reached for and did not get. */
  accessed(plugin: string, { accesses }: Pick<PluginAccess, "accesses">): void {
    for (const { permission, allowed, count } of accesses) {
      if (allowed) continue;
      const labels = { plugin, permission: this.#permission(permission) };
      this.#denials.inc(labels, count);
    }
  }

  /** All of them, as they are now. */
  blocks(): Promise<readonly MetricBlock[]> {
    return registryBlocks(this.#registry);
  }
}
