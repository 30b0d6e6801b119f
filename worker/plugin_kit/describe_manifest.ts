import type { GraphRight, PluginManifest } from "@skymap/lib/plugin";
import { GRAPH_RIGHT_TEXTS } from "@skymap/lib/plugin_host";

/** One thing that is asked for, in words. */
function wantedText(what: string, value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value);
  return what === "graph" ? GRAPH_RIGHT_TEXTS[value as GraphRight] : value;
}

/** What a person wants to know of a plugin before it runs, as lines. */
export function describeManifest(manifest: PluginManifest): string[] {
  const { name, version, description, cloud, permissions } = manifest;
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["kinds", manifest.kinds.map((kind) => kind.name)],
    ["actions", manifest.actions],
    ["tasks", manifest.tasks],
    ["commands", manifest.commands],
    ["reactions", manifest.reactions.map((each) => each.name)],
  ];
  const wants = Object.entries(permissions).flatMap(([phase, request]) =>
    Object.entries(request).map(([what, values]) =>
      `  ${phase.padEnd(9)} ${what.padEnd(5)} ${
        (values as readonly unknown[]).map((value) => wantedText(what, value))
          .join(", ")
      }`
    )
  );
  return [
    `${name} ${version}: ${description}`,
    `cloud     ${cloud}`,
    ...lists.filter(([, names]) => names.length > 0)
      .map(([title, names]) => `${title.padEnd(9)} ${names.join(", ")}`),
    wants.length === 0 ? "asks for nothing" : "asks for",
    ...wants,
  ];
}
