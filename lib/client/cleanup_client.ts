/**
 * Cleanup plans over core's API.
 *
 * @module
 */

import type {
  CleanupApplyJson,
  CleanupBlockedJson,
  CleanupItemJson,
  CleanupPlanJson,
  CleanupRequestJson,
} from "./cleanup_types.ts";
import {
  apiPath,
  type ApiResult,
  type CoreTransport,
} from "./core_transport.ts";

/** Makes, shows and applies cleanup plans. */
export class CleanupClient {
  readonly #core: CoreTransport;

  /** Takes the way to core. */
  constructor(core: CoreTransport) {
    this.#core = core;
  }

  /** Plans, the newest first. */
  list(): Promise<ApiResult<readonly CleanupPlanJson[]>> {
    return this.#core.call(apiPath`/cleanup/plans`);
  }

  /** Makes a plan of what is marked now. */
  plan(request: CleanupRequestJson = {}): Promise<ApiResult<CleanupPlanJson>> {
    return this.#core.call(apiPath`/cleanup/plans`, {
      method: "POST",
      json: request,
    });
  }

  /** A plan by its id, or by how that begins. */
  get(id: string): Promise<ApiResult<CleanupPlanJson>> {
    return this.#core.call(apiPath`/cleanup/plan/${id}`);
  }

  /** The steps of a plan, in their order. */
  items(id: string): AsyncGenerator<CleanupItemJson> {
    return this.#core.stream(apiPath`/cleanup/plan/${id}/items`, {});
  }

  /** What is marked and stays, each with the reason. */
  blocked(id: string): AsyncGenerator<CleanupBlockedJson> {
    return this.#core.stream(apiPath`/cleanup/plan/${id}/blocked`, {});
  }

  /** Begins to apply a plan; its state says how far it is. */
  apply(
    id: string,
    options: CleanupApplyJson = {},
  ): Promise<ApiResult<CleanupPlanJson>> {
    return this.#core.call(apiPath`/cleanup/plan/${id}/apply`, {
      method: "POST",
      json: options,
    });
  }

  /** Stops what is being applied, or lets nobody apply it. */
  cancel(id: string): Promise<ApiResult<CleanupPlanJson>> {
    return this.#core.call(apiPath`/cleanup/plan/${id}/cancel`, {
      method: "POST",
    });
  }
}
