/**
 * Graphs as wholes, and the whole system, over core's API.
 *
 * @module
 */

import type { RestoreReport, SystemInfoJson } from "./api_types.ts";
import {
  apiPath,
  type ApiResult,
  type CoreTransport,
} from "./core_transport.ts";

/** How something that may take the place of another is made. */
export interface ReplaceRequest {
  /** Whether it may take the place of what is there. Default: no. */
  readonly force?: boolean;
  /** Gives it up; then everything is as it was. */
  readonly signal?: AbortSignal;
}

/** Makes, copies and removes graphs; backs up and restores everything. */
export class SystemClient {
  readonly #core: CoreTransport;

  /** Takes the way to core. */
  constructor(core: CoreTransport) {
    this.#core = core;
  }

  /** What runs, and how much it holds. */
  info(): Promise<ApiResult<SystemInfoJson>> {
    return this.#core.call(apiPath`/system/info`);
  }

  /** Makes an empty graph. */
  createGraph(name: string): Promise<ApiResult<null>> {
    return this.#core.call(apiPath`/graph/${name}`, { method: "POST" });
  }

  /** Removes a graph with its past. */
  removeGraph(name: string): Promise<ApiResult<null>> {
    return this.#core.call(apiPath`/graph/${name}`, { method: "DELETE" });
  }

  /** Copies a graph with its past. */
  copyGraph(
    from: string,
    to: string,
    { force = false, signal }: ReplaceRequest = {},
  ): Promise<ApiResult<null>> {
    return this.#core.call(apiPath`/graph/${from}/copy`, {
      method: "POST",
      json: { to, force },
      ...(signal !== undefined && { signal }),
    });
  }

  /** A graph with its past as NDJSON; it fails where core does. */
  async exportGraph(
    name: string,
    signal?: AbortSignal,
  ): Promise<ReadableStream<Uint8Array>> {
    return await this.#stream(apiPath`/graph/${name}/export`, signal);
  }

  /** Makes a graph out of such NDJSON. */
  importGraph(
    name: string,
    body: ReadableStream<Uint8Array>,
    options: ReplaceRequest = {},
  ): Promise<ApiResult<null>> {
    return this.#replace(apiPath`/graph/${name}/import`, body, options);
  }

  /** A file with everything in it; it fails where core does. */
  async backup(signal?: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return await this.#stream(apiPath`/system/backup`, signal);
  }

  /** Reads such a file; it counts from the next start of core on. */
  restore(
    body: ReadableStream<Uint8Array>,
    options: ReplaceRequest = {},
  ): Promise<ApiResult<RestoreReport>> {
    return this.#replace(apiPath`/system/restore`, body, options);
  }

  async #stream(
    path: ReturnType<typeof apiPath>,
    signal: AbortSignal | undefined,
  ): Promise<ReadableStream<Uint8Array>> {
    const { body } = await this.#core.fetchGood(path, {
      accept: "*/*",
      ...(signal !== undefined && { signal }),
    });
    return body ?? ReadableStream.from([]);
  }

  #replace<T>(
    path: ReturnType<typeof apiPath>,
    body: ReadableStream<Uint8Array>,
    { force = false, signal }: ReplaceRequest,
  ): Promise<ApiResult<T>> {
    return this.#core.call(path, {
      method: "POST",
      body,
      query: { force: force ? "true" : undefined },
      ...(signal !== undefined && { signal }),
    });
  }
}
