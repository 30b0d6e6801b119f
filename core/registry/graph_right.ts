import type { ActivePlugins } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import type { GraphRight } from "@skymap/lib/plugin";
import { GRAPH_PHASES, GRAPH_RIGHT_TEXTS } from "@skymap/lib/plugin_host";

/**
 * Refuses what no phase of a plugin that runs was granted. Which phase asks is
 * the worker's to know: it holds each process to its own rights.
 *
 * @throws {SkymapError} `permission_denied`.
 */
export function requireGraphRight(
  { plugins }: Pick<ActivePlugins, "plugins">,
  name: string,
  right: GraphRight,
): void {
  const plugin = plugins.find((each) => each.name === name);
  const isGranted = GRAPH_PHASES.some((phase) =>
    plugin?.permissions[phase]?.graph?.includes(right) === true
  );
  if (isGranted) return;
  throw new SkymapError(
    "permission_denied",
    `Cannot do this for plugin "${name}": ${
      plugin === undefined ? "it does not run" : "it was not granted it"
    }, wanted one that ${GRAPH_RIGHT_TEXTS[right]}`,
    { details: { plugin: name, right } },
  );
}
