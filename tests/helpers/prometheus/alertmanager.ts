/**
 * A real Alertmanager on loopback, with a configuration that a test gives.
 *
 * @module
 */

import { freePort } from "../system.ts";
import { programName } from "./programs.ts";
import { writeFolder } from "./prometheus.ts";
import { ServerProcess } from "./server_process.ts";

/** What Alertmanager sends to a webhook. */
export interface Notification {
  /** Whether any of its alerts fires. */
  readonly status: "firing" | "resolved";
  /** Who it was meant for. */
  readonly receiver: string;
  /** Its alerts. */
  readonly alerts: readonly {
    readonly status: "firing" | "resolved";
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** A running Alertmanager. */
export class Alertmanager implements AsyncDisposable {
  /** Where it listens, as `host:port`. */
  readonly address: string;
  readonly #server: ServerProcess;

  private constructor(address: string, server: ServerProcess) {
    this.address = address;
    this.#server = server;
  }

  /** Starts it with a configuration. */
  static async start(config: string): Promise<Alertmanager> {
    const folder = await writeFolder({ "alertmanager.yml": config });
    const address = `127.0.0.1:${freePort()}`;
    const server = new ServerProcess(folder, programName("alertmanager"), [
      `--config.file=${folder}/alertmanager.yml`,
      `--storage.path=${folder}/data`,
      `--web.listen-address=${address}`,
      "--cluster.listen-address=",
      "--log.level=warn",
    ]);
    try {
      await server.untilReady(`http://${address}/-/ready`);
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return new Alertmanager(address, server);
  }

  /** What it printed so far. */
  get text(): string {
    return this.#server.text;
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
