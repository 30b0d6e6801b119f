/**
 * The part of the client that deals with the configuration.
 *
 * @module
 */

import type { JsonObject } from "../json.ts";
import type {
  ActiveConfigJson,
  ConfigChangedJson,
  ConfigJson,
  ConfigRevisionJson,
  ConfigSummaryJson,
} from "./config_types.ts";
import {
  apiPath,
  type ApiResult,
  type CoreTransport,
} from "./core_transport.ts";

/** Which state a change is based on. Default: whatever there is. */
export interface ConfigBase {
  /** Revision that was seen; another one is a `conflict`. */
  readonly revision?: number;
}

function baseQuery({ revision }: ConfigBase) {
  return { revision: revision?.toString() };
}

/** Talks about the configuration of one core, over the client of that core. */
export class ConfigClient {
  readonly #core: CoreTransport;

  /** Makes a client; nothing is sent yet. */
  constructor(core: CoreTransport) {
    this.#core = core;
  }

  /** Every document in a few words. */
  list(): Promise<ApiResult<readonly ConfigSummaryJson[]>> {
    return this.#core.call(apiPath`/configs`);
  }

  /** A document; `secrets` shows them, `revision` is an earlier state. */
  get(
    id: string,
    options: { readonly secrets?: boolean; readonly revision?: number } = {},
  ): Promise<ApiResult<ConfigJson>> {
    return this.#core.call(apiPath`/config/${id}`, {
      query: {
        secrets: options.secrets?.toString(),
        revision: options.revision?.toString(),
      },
    });
  }

  /** A document as YAML that explains itself. */
  async text(
    id: string,
    options: { readonly secrets?: boolean; readonly effective?: boolean } = {},
  ): Promise<string> {
    const response = await this.#core.fetchGood(apiPath`/config/${id}`, {
      accept: "application/yaml",
      query: {
        secrets: options.secrets?.toString(),
        effective: options.effective?.toString(),
      },
    });
    return await response.text();
  }

  /** Sets the whole document; a text is YAML or JSON. */
  put(
    id: string,
    config: JsonObject | string,
    base: ConfigBase = {},
  ): Promise<ApiResult<ConfigChangedJson>> {
    return this.#core.call(apiPath`/config/${id}`, {
      method: "PUT",
      ...(typeof config === "string" ? { body: config } : { json: config }),
      query: baseQuery(base),
    });
  }

  /** Changes parts of a document, as RFC 7396 says: null takes a part away. */
  patch(
    id: string,
    patch: JsonObject,
    base: ConfigBase = {},
  ): Promise<ApiResult<ConfigChangedJson>> {
    return this.#core.call(apiPath`/config/${id}`, {
      method: "PATCH",
      json: patch,
      query: baseQuery(base),
    });
  }

  /** Deletes a document: every default counts again. */
  remove(id: string, base: ConfigBase = {}): Promise<ApiResult<null>> {
    return this.#core.call(apiPath`/config/${id}`, {
      method: "DELETE",
      query: baseQuery(base),
    });
  }

  /** JSON schema of a document. */
  schema(id: string): Promise<ApiResult<JsonObject>> {
    return this.#core.call(apiPath`/config/${id}/schema`);
  }

  /** States that a document was in, the newest first. */
  history(id: string): Promise<ApiResult<readonly ConfigRevisionJson[]>> {
    return this.#core.call(apiPath`/config/${id}/history`);
  }

  /** Sets a document to what it was in a revision. */
  rollback(
    id: string,
    revision: number,
  ): Promise<ApiResult<ConfigChangedJson>> {
    return this.#core.call(apiPath`/config/${id}/rollback`, {
      method: "POST",
      json: { revision },
    });
  }

  /** Says what setting the document would; sets nothing. */
  validate(
    id: string,
    config: JsonObject | string,
  ): Promise<ApiResult<{ readonly notes: readonly string[] }>> {
    return this.#core.call(apiPath`/config/${id}/validate`, {
      method: "POST",
      ...(typeof config === "string" ? { body: config } : { json: config }),
    });
  }

  /** What a process works with; null when that is still `unless`. */
  active(
    id: string,
    { unless, signal }: {
      readonly unless?: string;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ApiResult<ActiveConfigJson | null>> {
    return this.#core.call(apiPath`/config/${id}/active`, {
      query: { unless },
      ...(signal !== undefined && { signal }),
    });
  }
}
