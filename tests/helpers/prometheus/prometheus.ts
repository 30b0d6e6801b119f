/**
 * A real Prometheus on loopback, with a configuration that a test gives.
 *
 * @module
 */

import { freePort } from "../system.ts";
import { programName } from "./programs.ts";
import { runTool } from "./promtool.ts";
import { ServerProcess } from "./server_process.ts";

/** One series and its value. */
export interface PromSample {
  /** Its labels, with the name as `__name__`. */
  readonly labels: Readonly<Record<string, string>>;
  /** Its value now. */
  readonly value: number;
}

/** A target, as Prometheus sees it. */
export interface PromTarget {
  /** Labels of the target. */
  readonly labels: Readonly<Record<string, string>>;
  /** Such as `up`. */
  readonly health: string;
  /** Why the last scrape failed, or empty. */
  readonly lastError: string;
}

/** Files below a folder by their names. */
export type Files = Readonly<Record<string, string>>;

/** Writes files into a new folder and gives its path. */
export async function writeFolder(files: Files): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "skymap-prometheus-" });
  for (const [name, text] of Object.entries(files)) {
    const path = `${folder}/${name}`;
    await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    await Deno.writeTextFile(path, text, { mode: 0o600 });
  }
  return folder;
}

/** A running Prometheus. */
export class Prometheus implements AsyncDisposable {
  /** Its address. */
  readonly url: string;
  readonly #server: ServerProcess;

  private constructor(url: string, server: ServerProcess) {
    this.url = url;
    this.#server = server;
  }

  /**
   * Starts it with these files, of which `prometheus.yml` is what it reads;
   * `history` is what it has of the past, as OpenMetrics with times.
   */
  static async start(files: Files, history?: string): Promise<Prometheus> {
    const folder = await writeFolder({
      ...files,
      ...(history !== undefined && { "history.txt": history }),
    });
    if (history !== undefined) {
      const { code, text } = await runTool("promtool", [
        ...["tsdb", "create-blocks-from", "openmetrics"],
        ...[`${folder}/history.txt`, `${folder}/data`],
      ]);
      if (code !== 0) throw new Error(`Cannot make history: ${text}`);
    }
    const port = freePort();
    const url = `http://127.0.0.1:${port}`;
    const server = new ServerProcess(folder, programName("prometheus"), [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=warn",
    ]);
    try {
      await server.untilReady(`${url}/-/ready`);
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
    return new Prometheus(url, server);
  }

  /** What it printed so far. */
  get text(): string {
    return this.#server.text;
  }

  async #get<T>(path: string, params: Readonly<Record<string, string>> = {}) {
    const query = new URLSearchParams(params);
    const answer = await fetch(`${this.url}/api/v1/${path}?${query}`);
    const { status, data, error } = await answer.json();
    if (status === "success") return data as T;
    throw new Error(`Cannot ask Prometheus ${path} ${query}: ${error}`);
  }

  /** The series that an expression gives now. */
  async query(expression: string): Promise<readonly PromSample[]> {
    const { result, resultType } = await this.#get<{
      resultType: string;
      result: readonly {
        metric: Record<string, string>;
        value: [number, string];
      }[];
    }>("query", { query: expression });
    if (resultType !== "vector") {
      throw new Error(`${expression} gives a ${resultType}, wanted a vector`);
    }
    return result.map(({ metric, value }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }

  /** Its targets. */
  async targets(): Promise<readonly PromTarget[]> {
    const { activeTargets } = await this.#get<{ activeTargets: PromTarget[] }>(
      "targets",
      { state: "active" },
    );
    return activeTargets;
  }

  /** What targets say of a metric. */
  async metadata(
    metric: string,
  ): Promise<readonly { readonly type: string; readonly unit: string }[]> {
    const found = await this.#get<
      Record<string, { readonly type: string; readonly unit: string }[]>
    >("metadata", { metric });
    return found[metric] ?? [];
  }

  /** Values of a label, in series that match a selector. */
  async labelValues(name: string, selector: string): Promise<string[]> {
    return await this.#get(`label/${name}/values`, { "match[]": selector });
  }

  /** Kills it. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }
}
