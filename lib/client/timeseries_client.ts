/**
 * Time series over core's API.
 *
 * @module
 */

import type { CoverageJson } from "./api_types.ts";
import {
  apiPath,
  type ApiResult,
  type CoreTransport,
} from "./core_transport.ts";
import type {
  TimeSeriesDownsampleJson,
  TimeSeriesInfoJson,
  TimeSeriesPointJson,
  TimeSeriesQueryJson,
  TimeSeriesSnapshotJson,
} from "./timeseries_types.ts";

/** Takes, reads and thins out the time series of a graph. */
export class TimeSeriesClient {
  readonly #core: CoreTransport;
  readonly #graph: string;

  /** Takes the way to core, and the graph that is meant. */
  constructor(core: CoreTransport, graph: string) {
    this.#core = core;
    this.#graph = graph;
  }

  /** Every time series. */
  list(): Promise<ApiResult<readonly TimeSeriesInfoJson[]>> {
    return this.#core.call(apiPath`/graph/${this.#graph}/timeseries`);
  }

  /**
   * Streams the values of a series; the last record is of type `coverage`.
   *
   * @throws {SkymapError} What core says.
   */
  get(
    name: string,
    query: TimeSeriesQueryJson = {},
    signal?: AbortSignal,
  ): AsyncGenerator<TimeSeriesPointJson | CoverageJson> {
    return this.#core.stream(
      apiPath`/graph/${this.#graph}/timeseries/${name}`,
      {
        method: "POST",
        json: query,
        ...(signal !== undefined && { signal }),
      },
    );
  }

  /** Keeps what an aggregation gives now. */
  snapshot(
    name: string,
    search: string,
  ): Promise<ApiResult<TimeSeriesSnapshotJson>> {
    return this.#core.call(
      apiPath`/graph/${this.#graph}/timeseries/${name}/snapshot`,
      { method: "POST", body: search },
    );
  }

  /** Makes less of what is older. Default: of all series. */
  downsample(
    name?: string,
  ): Promise<ApiResult<readonly TimeSeriesDownsampleJson[]>> {
    return this.#core.call(apiPath`/graph/${this.#graph}/downsample`, {
      method: "POST",
      query: { name },
    });
  }

  /** Deletes a series. */
  remove(name: string): Promise<ApiResult<null>> {
    return this.#core.call(apiPath`/graph/${this.#graph}/timeseries/${name}`, {
      method: "DELETE",
    });
  }
}
