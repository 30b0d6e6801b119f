/**
 * The configuration of core: what it is opened with, and what takes it up.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import { messageOf } from "@skymap/lib/errors";
import { logger } from "@skymap/lib/log";
import type { Override } from "@skymap/lib/settings";
import type { Environment } from "./cli/line_context.ts";
import { Configs } from "./config/configs.ts";
import { ConfigStore } from "./config/config_store.ts";
import { NO_SCHEDULE } from "./config/core_document.ts";
import { schemaError } from "./config/document_error.ts";
import type { ForeignSection } from "./config/document_rules.ts";
import { knownDocuments } from "./config/known_documents.ts";
import { metricTrial, type MetricTrialOptions } from "./config/metric_trial.ts";
import {
  type ConfigOverride,
  configOverride,
  overridden,
  Overrides,
} from "./config/overrides.ts";
import type { SecretMarks } from "./config/secrets.ts";
import type { Clock } from "./events/clock.ts";
import type { PluginRegistry } from "./registry/registry.ts";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";
import { historyKeepMs } from "./settings.ts";
import { parseCron } from "./workflow/cron.ts";
import type { Schedules } from "./workflow/schedules.ts";

/** Time between two looks at files of overrides. */
const LOOK_MS = 10_000;

const log = logger("core/config");

/** What {@linkcode openConfigs} takes. */
export interface OpenConfigsOptions {
  /** The database `system`. */
  readonly db: DbSession;
  /** What time it is. */
  readonly clock: Clock;
  /** The plugins: each has a section. */
  readonly plugins: Pick<PluginRegistry, "list" | "get">;
  /** Graphs that the searches of metrics are tried on. Default: they are not. */
  readonly graph?: MetricTrialOptions["graph"];
  /** From flags and the environment, the last wins. */
  readonly overrides?: readonly Override[];
  /** Files and folders of overrides. */
  readonly overridePaths?: readonly string[];
  /** What is shown in the place of secrets. Default: marks of this process. */
  readonly marks?: SecretMarks | undefined;
}

/** The configuration, and the look at files of overrides. */
export interface OpenConfigs extends Disposable {
  /** The configuration. */
  readonly configs: Configs;
  /** Resolves when no file is being read. */
  idle(): Promise<void>;
}

/**
 * Opens the configuration.
 *
 * @throws {SkymapError} `config_invalid`, if overrides cannot be used.
 */
export async function openConfigs(
  options: OpenConfigsOptions,
): Promise<OpenConfigs> {
  const { db, clock, plugins, overrides = [] } = options;
  const rules = knownDocuments({
    workflows: BUILTIN_WORKFLOWS,
    scheduleProblem,
    plugins: () => sectionsOf(plugins),
    ...(options.graph !== undefined && {
      metricTrial: metricTrial({ graph: options.graph }),
    }),
  });
  const check = (all: readonly ConfigOverride[]) => {
    for (const each of rules) {
      const own = all.filter(({ id }) => id === each.id);
      const config = overridden({}, own);
      // Which plugins there are may become known only later.
      const faults = each.faults(config, config);
      if (faults.length === 0) continue;
      const origins = [...new Set(own.map(({ origin }) => origin))];
      throw schemaError(`${each.id} of ${origins.join(", ")}`, faults);
    }
  };
  const { overridePaths = [] } = options;
  const configs = new Configs({
    store: await ConfigStore.open({ db, nowMs: () => clock.now() }),
    rules,
    marks: options.marks,
    overrides: await Overrides.open({
      paths: overridePaths,
      fixed: overrides.map(configOverride),
      check,
    }),
  });
  let reading: Promise<void> | undefined;
  const look = overridePaths.length === 0
    ? undefined
    : clock.every(LOOK_MS, () => {
      reading ??= configs.refreshOverrides().catch((error) =>
        log.error("Cannot read overrides: {reason}", {
          reason: messageOf(error),
        })
      ).finally(() => reading = undefined);
    });
  return {
    configs,
    idle: async () => await reading,
    [Symbol.dispose]: () => look?.[Symbol.dispose](),
  };
}

/** Why a schedule cannot be used, or undefined. */
function scheduleProblem(cron: string, timeZone: string): string | undefined {
  try {
    parseCron(cron, timeZone);
  } catch (error) {
    const why = messageOf((error as Error).cause);
    const is = `is ${JSON.stringify(cron)}`;
    return why.startsWith("wanted")
      ? `${is}, ${why}`
      : `${is} and cannot be used in time zone "${timeZone}": ${why}`;
  }
}

/** The sections of plugins: those that run, else the newest version. */
function sectionsOf(
  plugins: OpenConfigsOptions["plugins"],
): readonly ForeignSection[] {
  return plugins.list().flatMap(({ name }) => {
    const { active, versions } = plugins.get(name);
    const version = versions.find((each) => each.version === active) ??
      versions[0];
    if (version === undefined) return [];
    const { description, configSchema } = version.manifest;
    return [{
      name,
      description,
      ...(configSchema !== undefined && {
        schema: configSchema,
      }),
    }];
  });
}

/** How long history is kept by now, in milliseconds; undefined for ever. */
export function configuredKeepMs(
  configs: Pick<Configs, "core">,
): number | undefined {
  return historyKeepMs(configs.core().history_keep);
}

/** Variables of lines that say nothing else. */
export function lineDefaults(configs: Pick<Configs, "core">): Environment {
  const { default_graph, default_section, default_time_zone } =
    configs.core().cli;
  return {
    graph: default_graph,
    section: default_section,
    time_zone: default_time_zone,
  };
}

/** Schedules that follow the configuration until this is disposed of. */
export interface FollowedSchedules extends Disposable {
  /** Resolves when all that was configured is set. */
  idle(): Promise<void>;
}

/**
 * Makes the workflows run as they are configured, from now on and after each
 * change.
 */
export async function followSchedules(
  configs: Pick<Configs, "core" | "onChange">,
  schedules: Pick<Schedules, "set" | "remove">,
): Promise<FollowedSchedules> {
  const apply = async () => {
    const { workflows } = configs.core();
    for (const [name, { schedule, time_zone }] of Object.entries(workflows)) {
      if (schedule === NO_SCHEDULE) await schedules.remove(name);
      else await schedules.set(name, schedule, time_zone);
    }
  };
  await apply();
  // One after the other: the last one that was set is the one that counts.
  let applying = Promise.resolve();
  const listener = configs.onChange((id) => {
    if (id !== "skymap.core") return;
    applying = applying.then(apply).catch((error) =>
      log.error("Cannot set schedules: {reason}", { reason: messageOf(error) })
    );
    return applying;
  });
  return {
    idle: () => applying,
    [Symbol.dispose]: () => listener[Symbol.dispose](),
  };
}
