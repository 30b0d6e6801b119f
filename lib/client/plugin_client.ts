/**
 * The part of the client that deals with plugins.
 *
 * @module
 */

import type { Json, JsonObject } from "../json.ts";
import type { GraphChange, PluginManifest } from "../plugin/contract.ts";
import type { CoverageJson } from "./api_types.ts";
import {
  apiPath,
  type ApiResult,
  type CoreTransport,
} from "./core_transport.ts";
import type {
  ActivePlugins,
  PluginAccessJson,
  PluginAdded,
  PluginAddition,
  PluginApproval,
  PluginAuditJson,
  PluginJson,
  PluginKeyJson,
  PluginMarks,
  PluginPolicyJson,
  PluginPolicyResult,
  PluginSummaryJson,
  PluginTags,
  RefusedPlugins,
  RegistryIndexJson,
} from "./plugin_types.ts";

/** Talks to the registry of one core, over the client of that core. */
export class PluginClient {
  readonly #core: CoreTransport;

  /** Makes a client; nothing is sent yet. */
  constructor(core: CoreTransport) {
    this.#core = core;
  }

  /** Every plugin in a few words. */
  list(): Promise<ApiResult<readonly PluginSummaryJson[]>> {
    return this.#core.call(apiPath`/plugins`);
  }

  /** All that is known of a plugin. */
  get(name: string): Promise<ApiResult<PluginJson>> {
    return this.#core.call(apiPath`/plugins/${name}`);
  }

  /** Adds a version, which waits for approval. */
  add(addition: PluginAddition): Promise<ApiResult<PluginAdded>> {
    return this.#core.call(apiPath`/plugins`, {
      method: "POST",
      json: addition,
    });
  }

  /** Approves a version as it was seen, and lets it run. */
  approve(
    name: string,
    version: string,
    approval: PluginApproval,
  ): Promise<ApiResult<PluginJson>> {
    return this.#core.call(apiPath`/plugins/${name}/${version}/approve`, {
      method: "POST",
      json: approval,
    });
  }

  /** Lets a plugin run: its active version, or the one that is named. */
  enable(name: string, version?: string): Promise<ApiResult<PluginJson>> {
    return this.#core.call(apiPath`/plugins/${name}/enable`, {
      method: "POST",
      json: version === undefined ? {} : { version },
    });
  }

  /** Stops a plugin from running. */
  disable(name: string): Promise<ApiResult<PluginJson>> {
    return this.#core.call(apiPath`/plugins/${name}/disable`, {
      method: "POST",
    });
  }

  /** Returns to the version that was active before. */
  rollback(name: string): Promise<ApiResult<PluginJson>> {
    return this.#core.call(apiPath`/plugins/${name}/rollback`, {
      method: "POST",
    });
  }

  /** Removes a version, or all that were added. */
  remove(name: string, version?: string): Promise<ApiResult<null>> {
    const path = version === undefined
      ? apiPath`/plugins/${name}`
      : apiPath`/plugins/${name}/${version}`;
    return this.#core.call(path, { method: "DELETE" });
  }

  /** What happened to a plugin and what it did, the newest first. */
  audit(
    name: string,
    query: { readonly limit?: number; readonly denied?: boolean } = {},
  ): Promise<ApiResult<readonly PluginAuditJson[]>> {
    return this.#core.call(apiPath`/plugins/${name}/audit`, {
      query: {
        limit: query.limit?.toString(),
        denied: query.denied?.toString(),
      },
    });
  }

  /** What workers run; null when that is still what `unless` stands for. */
  active(
    { unless, signal }: {
      readonly unless?: string;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<ApiResult<ActivePlugins | null>> {
    return this.#core.call(apiPath`/plugins/active`, {
      query: { unless },
      ...(signal !== undefined && { signal }),
    });
  }

  /** Tells the plugins that came with this worker's Skymap. */
  announce(
    manifests: readonly PluginManifest[],
    signal?: AbortSignal,
  ): Promise<ApiResult<RefusedPlugins>> {
    return this.#core.call(apiPath`/plugins/installation`, {
      method: "PUT",
      json: manifests,
      ...(signal !== undefined && { signal }),
    });
  }

  /** Tells what plugins reached for. */
  record(
    accesses: readonly PluginAccessJson[],
    signal?: AbortSignal,
  ): Promise<ApiResult<null>> {
    return this.#core.call(apiPath`/plugins/audit`, {
      method: "POST",
      json: accesses,
      ...(signal !== undefined && { signal }),
    });
  }

  /** The caps on what any plugin may get. */
  policy(): Promise<ApiResult<PluginPolicyJson>> {
    return this.#core.call(apiPath`/plugins/policy`);
  }

  /** Sets the caps, and stops plugins that have more. */
  setPolicy(policy: PluginPolicyJson): Promise<ApiResult<PluginPolicyResult>> {
    return this.#core.call(apiPath`/plugins/policy`, {
      method: "PUT",
      json: policy,
    });
  }

  /** The keys whose signatures are trusted. */
  keys(): Promise<ApiResult<readonly PluginKeyJson[]>> {
    return this.#core.call(apiPath`/plugins/keys`);
  }

  /** Trusts a key. */
  addKey(
    key: { readonly public_key: string; readonly comment: string },
  ): Promise<ApiResult<PluginKeyJson>> {
    return this.#core.call(apiPath`/plugins/keys`, {
      method: "POST",
      json: key,
    });
  }

  /** Trusts a key no more. */
  removeKey(id: string): Promise<ApiResult<PluginPolicyResult>> {
    return this.#core.call(apiPath`/plugins/keys/${id}`, { method: "DELETE" });
  }

  /** The versions that can be had from this core. */
  index(): Promise<ApiResult<RegistryIndexJson>> {
    return this.#core.call(apiPath`/registry/index.json`);
  }

  /**
   * Text of a module.
   *
   * @throws {SkymapError} what core answers with, or `core_unreachable`.
   */
  async module(
    name: string,
    version: string,
    signal?: AbortSignal,
  ): Promise<string> {
    const response = await this.#core.fetchGood(
      apiPath`/registry/${name}/${version}/module.js`,
      { accept: "text/javascript", ...(signal !== undefined && { signal }) },
    );
    return await response.text();
  }

  /**
   * Searches for a plugin that was granted it: nodes, or the rows of an
   * aggregation. The last record is of type `coverage`.
   */
  search(
    graph: string,
    name: string,
    text: string,
    { requireComplete, at, signal }: {
      readonly requireComplete: boolean;
      readonly at?: string;
      readonly signal: AbortSignal;
    },
  ): AsyncGenerator<JsonObject | CoverageJson> {
    return this.#core.stream(
      apiPath`/graph/${graph}/plugins/${name}/search`,
      {
        method: "POST",
        body: text,
        query: { require_complete: String(requireComplete), at },
        signal,
      },
    );
  }

  /** Marks nodes for a plugin that was granted it. */
  mark(
    graph: string,
    name: string,
    marks: PluginMarks,
    signal: AbortSignal,
  ): Promise<ApiResult<GraphChange>> {
    return this.#core.call(apiPath`/graph/${graph}/plugins/${name}/marks`, {
      method: "POST",
      json: marks,
      signal,
    });
  }

  /** Sets tags of nodes in their cloud, for a plugin that was granted it. */
  tag(
    graph: string,
    name: string,
    tags: PluginTags,
    signal: AbortSignal,
  ): Promise<ApiResult<GraphChange>> {
    return this.#core.call(apiPath`/graph/${graph}/plugins/${name}/tags`, {
      method: "POST",
      json: tags,
      signal,
    });
  }

  /** Runs a command of a plugin; gives what it printed. */
  command(
    name: string,
    command: string,
    request: {
      readonly args?: readonly string[];
      readonly input?: readonly Json[];
    } = {},
    signal?: AbortSignal,
  ): Promise<ApiResult<readonly Json[]>> {
    return this.#core.call(apiPath`/plugins/${name}/commands/${command}`, {
      method: "POST",
      json: request,
      ...(signal !== undefined && { signal }),
    });
  }
}
