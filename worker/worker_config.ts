/**
 * What a worker is configured with: the document `skymap.worker` and what it was
 * started with in place of it.
 *
 * @module
 */

import {
  type ReferenceOptions,
  referencesOf,
  resolveReferences,
  WORKER_SECTION,
  type WorkerSection,
} from "@skymap/lib/config";
import { SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { applyOverrides, type Override } from "@skymap/lib/settings";
import type { MostUsed } from "./plugin_set.ts";
import { readEnvironment } from "./read_environment.ts";

/** What a worker is configured with. */
export interface WorkerConfig {
  /** Names of the plugins that this worker runs; none for all. */
  readonly collector?: readonly string[] | undefined;
  /** Graph to collect into. */
  readonly graph: string;
  /** Seconds a whole collect may take. */
  readonly timeoutSeconds: number;
  /** Accounts that are collected side by side. */
  readonly poolSize: number;
  /** The most that a plugin may use here, whatever the registry grants. */
  readonly most: MostUsed;
  /** Configuration of each plugin by its name, as it was written. */
  readonly pluginConfig: Readonly<Record<string, JsonObject>>;
}

/** How the environment of this process is referred to. */
const ENVIRONMENT: ReferenceOptions = {
  env: readEnvironment,
  mayRead: (variable) =>
    Deno.permissions.querySync({ name: "env", variable }).state === "granted",
  readable: "SKYMAP_* and AWS_*",
};

/** How a document is read. */
export interface ReadConfigOptions {
  /** Whether references to the environment are resolved. Default: yes. */
  readonly resolves?: boolean;
  /** The environment. Default: that of this process. */
  readonly environment?: ReferenceOptions;
}

/**
 * Reads the document with its overrides. Sections of plugins are left as they
 * were written: {@linkcode pluginSection} is for when one is used.
 *
 * @throws {SkymapError} `config_invalid`, with every fault.
 */
export function readWorkerConfig(
  document: JsonObject,
  overrides: readonly Override[],
  { resolves = true, environment = ENVIRONMENT }: ReadConfigOptions = {},
): WorkerConfig {
  const { worker, ...rest } = applyOverrides(document, overrides);
  const section = readSection(
    resolves && worker !== undefined
      ? resolveReferences(worker, ["worker"], environment)
      : worker,
  );
  return {
    collector: section.collector,
    graph: section.graph,
    timeoutSeconds: section.timeout,
    poolSize: section.pool_size,
    most: {
      timeoutSeconds: section.account_timeout,
      heapMb: section.plugin_heap_mb,
      memoryMb: section.plugin_memory_mb,
    },
    pluginConfig: pluginSections(rest),
  };
}

/**
 * The section of a plugin, with the values of what it refers to.
 *
 * @throws {SkymapError} `config_invalid`, which names the variables that cannot
 * be had and no value.
 */
export function pluginSection(
  { pluginConfig }: WorkerConfig,
  name: string,
  environment: ReferenceOptions = ENVIRONMENT,
): JsonObject {
  const section = Object.hasOwn(pluginConfig, name) ? pluginConfig[name] : {};
  return resolveReferences(section ?? {}, [name], environment);
}

/** Variables that the section of a plugin refers to, with their values. */
export function referencedValues(
  { pluginConfig }: WorkerConfig,
  name: string,
  { env }: Pick<ReferenceOptions, "env"> = ENVIRONMENT,
): Readonly<Record<string, string>> {
  const section = Object.hasOwn(pluginConfig, name) ? pluginConfig[name] : {};
  return Object.fromEntries(
    referencesOf(section ?? {}).map((each) => [each, env(each) ?? ""]),
  );
}

/** Plugins are added to the registry, which knows what was approved. */
function refuseUnregistered(section: Json | undefined): void {
  if (!isObject(section)) return;
  if (Object.hasOwn(section, "approve")) {
    throw new SkymapError(
      "config_invalid",
      'Cannot read the configuration: "worker.approve" is no setting any ' +
        'more, approve plugins with "skymap plugin approve NAME"',
    );
  }
  const { collector } = section;
  const names = Array.isArray(collector) ? collector : [collector];
  const place = names.find((each) =>
    typeof each === "string" && !/^[a-z][a-z0-9_]*$/.test(each)
  );
  if (place === undefined) return;
  throw new SkymapError(
    "config_invalid",
    `Cannot read the configuration: worker.collector names "${place}", ` +
      `wanted the names of plugins; add it with "skymap plugin add ${place}"`,
  );
}

/** The section of the worker, or every fault in it. */
function readSection(section: Json | undefined): WorkerSection {
  refuseUnregistered(section);
  const read = WORKER_SECTION.safeParse(section ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) =>
    `${["worker", ...path].join(".")}: ${message}`
  );
  throw new SkymapError(
    "config_invalid",
    `Cannot read the configuration: ${faults.join("; ")}`,
    { details: { faults } },
  );
}

/** Sections of plugins; each must be an object. */
function pluginSections(
  document: JsonObject,
): Readonly<Record<string, JsonObject>> {
  for (const [name, section] of Object.entries(document)) {
    if (isObject(section)) continue;
    throw new SkymapError(
      "config_invalid",
      `Cannot read the configuration: ${name} is ${typeof section}, expected ` +
        `properties as in ${name}.x=y`,
    );
  }
  return document as Readonly<Record<string, JsonObject>>;
}
