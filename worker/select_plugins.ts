import type { ActivePluginJson, ActivePlugins } from "@skymap/lib/client";

/** Which plugins are collected with. */
export interface PluginChoice {
  /** Names that the operator limits it to, or none. */
  readonly named?: readonly string[] | undefined;
  /** Names of plugins that have a configuration here. */
  readonly configured: readonly string[];
}

/** Plugins to collect with, and why others that were meant are not. */
export interface SelectedPlugins {
  /** In the order of the registry. */
  readonly plugins: readonly ActivePluginJson[];
  /** One sentence for each. */
  readonly failures: readonly string[];
}

function whyNot(name: string, { plugins, inactive }: ActivePlugins): string {
  const reason = inactive.find((each) => each.name === name)?.reason;
  if (reason !== undefined) return reason;
  const there = [...new Set(plugins.map((each) => each.name))].sort();
  return `it is not in the registry, there ${
    there.length === 0 ? "is none" : `is ${there.join(", ")}`
  }; add it with skymap plugin add`;
}

/**
 * Chooses among what the registry lets run: those that are named; or else what
 * was added, and of what came with Skymap what is configured here. Where that
 * is nothing, the plugins that say they are for this case.
 */
export function selectPlugins(
  active: ActivePlugins,
  { named, configured }: PluginChoice,
): SelectedPlugins {
  const collecting = active.plugins.filter(({ manifest }) => manifest.collects);
  const isThere = (name: string) =>
    active.plugins.some((each) => each.name === name);
  if (named !== undefined) {
    return {
      plugins: collecting.filter(({ name }) => named.includes(name)),
      failures: [...new Set(named)].filter((name) => !isThere(name)).map((
        name,
      ) => `Cannot collect with plugin "${name}": ${whyNot(name, active)}`),
    };
  }
  const chosen = collecting.filter(({ name, source, manifest }) =>
    manifest.fallback !== true &&
    (source === "published" || configured.includes(name))
  );
  // What is disabled was disabled by somebody; a name of nothing is a mistake.
  const unknown = configured.filter((name) =>
    !isThere(name) && !active.inactive.some((each) => each.name === name)
  );
  return {
    plugins: chosen.length > 0 || unknown.length > 0
      ? chosen
      : collecting.filter(({ manifest }) => manifest.fallback === true),
    failures: unknown.map((name) =>
      `Cannot collect with plugin "${name}": ${whyNot(name, active)}`
    ),
  };
}
