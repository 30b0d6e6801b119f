import {
  type ActivePluginJson,
  type ActivePlugins,
  type PluginClient,
  unwrap,
} from "@skymap/lib/client";
import { messageOf } from "@skymap/lib/errors";
import { canonicalJson, type Json, type JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import { mapConcurrent, type PluginManifest } from "@skymap/lib/plugin";
import type { AccessReports } from "./access_reports.ts";
import { checkConfiguredHosts } from "./check_configured_hosts.ts";
import type { WorkerMetrics } from "./metrics.ts";
import type { PluginAnswers } from "./plugin/ask_desk.ts";
import { describeTogether } from "./plugin/describe_together.ts";
import { PluginHost } from "./plugin/host.ts";
import {
  bundledPlugins,
  type Installation,
  type PluginSource,
  resolvePlugin,
} from "./plugin/source.ts";
import { readEnvironment } from "./read_environment.ts";
import { Slots } from "./slots.ts";

/** What a {@linkcode PluginSet} needs. */
export interface PluginSetOptions {
  /** The registry. */
  readonly client: Pick<PluginClient, "active" | "announce" | "module">;
  /** Where the files of this Skymap are. */
  readonly installation: Installation;
  /** Takes what plugins reach for. */
  readonly reports: AccessReports;
  /** Counts processes and what they reach for. Default: nobody does. */
  readonly metrics?: Pick<WorkerMetrics, "process" | "accessed">;
  /** Does what a plugin asks for. Default: it has no graph. */
  readonly answers?: (plugin: ActivePluginJson) => PluginAnswers;
  /** Configuration of a plugin by its name, as of now; throws what is wrong. */
  readonly config: (name: string) => JsonObject;
  /**
   * Variables that the configuration of a plugin refers to, with their values:
   * what it says must not tell those whose names are those of secrets.
   */
  readonly referenced: (name: string) => Readonly<Record<string, string>>;
  /** What a process may use at most as of now, whatever was approved. */
  readonly most: () => MostUsed;
}

/** What a process may use at most on this machine. */
export interface MostUsed {
  /** Seconds one account may take. */
  readonly timeoutSeconds?: number | undefined;
  /** JavaScript heap of a plugin process. */
  readonly heapMb?: number | undefined;
  /** Memory of a plugin process in all. */
  readonly memoryMb?: number | undefined;
}

/** Longest line of a plugin: a node with a very large document. */
const MAX_LINE_CHARS = 16_000_000;

/** Plugins that describe themselves side by side: each is a process. */
const DESCRIBED = 4;

const NONE: ActivePlugins = { revision: "", plugins: [], inactive: [] };

const log = logger("worker/plugin");

function textOf(value: unknown): string {
  return canonicalJson(value as Json);
}

/**
 * The plugins that the registry lets this worker run. Each is the one that was
 * approved: the module has its hash, the permissions and limits are those of
 * the registry.
 */
export class PluginSet {
  readonly #options: PluginSetOptions;
  readonly #hosts = new Map<string, Promise<PluginHost>>();
  readonly #refreshing = new Slots(1);
  #installed: ReadonlyMap<string, PluginManifest> | undefined;
  #active = NONE;
  /** What core will not take, however often it is told. */
  #refused: ReadonlySet<string> = new Set();

  /** Makes an empty set. */
  constructor(options: PluginSetOptions) {
    this.#options = options;
  }

  /** What there is to run, as of the last {@linkcode refresh}. */
  get active(): ActivePlugins {
    return this.#active;
  }

  /**
   * Asks the registry; tells it first what came with this Skymap, if it does
   * not know.
   *
   * @throws {SkymapError} when core cannot be asked.
   */
  refresh(signal: AbortSignal): Promise<void> {
    // One after the other: no earlier answer takes the place of a later one.
    return this.#refreshing.run(() => this.#refresh(signal), signal);
  }

  async #refresh(signal: AbortSignal): Promise<void> {
    const { client } = this.#options;
    const installed = this.#installed ??= await this.#describeInstalled(signal);
    const unless = this.#active.revision;
    let active = unwrap(await client.active({ unless, signal }));
    if (active === null) return;
    const answered = active;
    const isKnown = [...installed.values()].every((manifest) =>
      this.#isKnown(manifest, answered)
    );
    if (!isKnown) {
      const { refused } = unwrap(
        await client.announce([...installed.values()], signal),
      );
      this.#refused = new Set(refused.map(({ name }) => name));
      for (const { name, reason } of refused) {
        log.warn('Core does not take plugin "{name}": {reason}', {
          name,
          reason,
        });
      }
      active = unwrap(await client.active({ signal })) ?? NONE;
    }
    // Of what came with Skymap this worker runs its own files and no other.
    const plugins = active.plugins.filter(({ name, source, manifest }) =>
      source === "published" ||
      textOf(installed.get(name) ?? null) === textOf(manifest)
    );
    this.#active = { ...active, plugins };
    const keys = new Set(plugins.map((each) => this.#keyOf(each)));
    for (const key of this.#hosts.keys()) {
      if (!keys.has(key)) this.#hosts.delete(key);
    }
  }

  /** What a host is made of: another one takes its place when it changes. */
  #keyOf(plugin: ActivePluginJson): string {
    return textOf({ plugin, most: this.#options.most() });
  }

  #isKnown(manifest: PluginManifest, active: ActivePlugins): boolean {
    const { name } = manifest;
    return this.#refused.has(name) ||
      active.inactive.some((each) => each.name === name) ||
      active.plugins.some((each) =>
        each.name === name &&
        (each.source === "published" ||
          textOf(each.manifest) === textOf(manifest))
      );
  }

  /** What the plugins of this installation say of themselves. */
  async #describeInstalled(
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, PluginManifest>> {
    const { installation } = this.#options;
    const names = await bundledPlugins(installation);
    const known = await describeTogether(names, installation, signal);
    const manifests = [...known.values()];
    // The others say alone why they do not describe themselves.
    const others = names.filter((name) => !known.has(name));
    await mapConcurrent(others, async (name) => {
      try {
        const source = await resolvePlugin(name, installation);
        const host = this.#host(source, {
          heap_mb: 512,
          memory_mb: 1_024,
          timeout_s: 60,
        });
        manifests.push(await host.describe(signal));
      } catch (error) {
        signal.throwIfAborted();
        log.error("{reason}", { reason: messageOf(error) });
      }
    }, { limit: DESCRIBED, signal });
    return new Map(
      manifests.sort((one, other) => one.name < other.name ? -1 : 1)
        .map((manifest) => [manifest.name, manifest]),
    );
  }

  #host(
    source: PluginSource,
    limits: ActivePluginJson["limits"],
    plugin?: ActivePluginJson,
  ): PluginHost {
    const { answers, installation, reports, most, metrics } = this.#options;
    const { timeoutSeconds, heapMb, memoryMb } = most();
    const { heap_mb, memory_mb, timeout_s } = limits;
    return new PluginHost({
      source,
      installation,
      deno: installation.deno,
      env: readEnvironment,
      approved: plugin?.permissions ?? {},
      home: readEnvironment("HOME"),
      ...(plugin !== undefined && {
        manifest: plugin.manifest,
        referenced: () => this.#options.referenced(plugin.name),
        ...(answers !== undefined && { answers: answers(plugin) }),
        onAccess: (access) => {
          reports.add(plugin.name, plugin.version, access);
          metrics?.accessed(plugin.name, access);
        },
        ...(metrics !== undefined && {
          onProcess: (request: string) => metrics.process(plugin.name, request),
        }),
        onIssue: ({ level, message }) =>
          log.info("{plugin}: {level}: {message}", {
            plugin: plugin.name,
            level,
            message,
          }),
      }),
      limits: {
        timeoutMs: Math.min(timeout_s, timeoutSeconds ?? Infinity) * 1_000,
        maxHeapMb: Math.min(heap_mb, heapMb ?? Infinity),
        maxMemoryMb: Math.min(memory_mb, memoryMb ?? Infinity),
        maxLineChars: MAX_LINE_CHARS,
      },
    });
  }

  /**
   * Configuration of a plugin, with the values of what it refers to.
   *
   * @throws {SkymapError} `config_invalid`, if they cannot be had.
   */
  config(name: string): JsonObject {
    return this.#options.config(name);
  }

  /**
   * What runs a plugin; its module is fetched once.
   *
   * @throws {SkymapError} `plugin_refused`, if the configuration lets in more
   * than the policy; or what core answers.
   */
  async host(
    plugin: ActivePluginJson,
    signal: AbortSignal,
  ): Promise<PluginHost> {
    const { net_cap } = this.#active;
    checkConfiguredHosts(plugin, this.config(plugin.name), net_cap);
    const key = this.#keyOf(plugin);
    const shared = this.#hosts.get(key);
    if (shared !== undefined) {
      // Whoever asked first may have been stopped: that is not for the others.
      const ready = await shared.catch(() => undefined);
      if (ready !== undefined) return ready;
      signal.throwIfAborted();
    }
    const host = this.#source(plugin, signal).then((source) =>
      this.#host(source, plugin.limits, plugin)
    );
    this.#hosts.set(key, host);
    host.catch(() => {
      if (this.#hosts.get(key) === host) this.#hosts.delete(key);
    });
    return await host;
  }

  async #source(
    { name, version, sha256 }: ActivePluginJson,
    signal: AbortSignal,
  ): Promise<PluginSource> {
    const { client, installation } = this.#options;
    if (sha256 === undefined) return await resolvePlugin(name, installation);
    const text = await client.module(name, version, signal);
    // The sandbox compares the text with the hash before it runs.
    return { spec: `${name}@${version}`, sha256, text };
  }
}
