import { SkymapError } from "../errors.ts";
import { isObject } from "../json.ts";
import type { PluginDefinition } from "./contract.ts";
import { manifestFaults, manifestOf, type PluginData } from "./manifest.ts";

/** Every fault of what should be a definition; empty when it is one. */
export function definitionFaults(value: unknown): string[] {
  if (!isObject(value)) {
    return ["it has no default export made by definePlugin()"];
  }
  const faults: string[] = [];
  for (const name of ["accounts", "collect"]) {
    if (typeof value[name] !== "function") {
      faults.push(`${name} is ${typeof value[name]}, expected a function`);
    }
  }
  if (
    value["isConfigured"] !== undefined &&
    typeof value["isConfigured"] !== "function"
  ) faults.push("isConfigured is no function");
  const config = value["config"];
  if (
    config !== undefined &&
    !(isObject(config) && typeof config["parse"] === "function")
  ) faults.push("config has no function parse, as a zod schema has");
  return [
    ...faults,
    ...manifestFaults(manifestOf(value as unknown as PluginData)),
  ];
}

/**
 * Checks a plugin and gives it back: the default export of its module.
 *
 * @throws {SkymapError} `plugin_invalid`, with every fault in `details.faults`.
 *
 * @example
 * ```ts
 * import { definePlugin } from "@skymap/lib/plugin";
 *
 * export default definePlugin({
 *   name: "tiny",
 *   version: "1.0.0",
 *   description: "One account and nothing in it",
 *   containers: { account: "tiny_account", region: "tiny_region" },
 *   kinds: [
 *     { name: "tiny_account", bases: ["account"] },
 *     { name: "tiny_region", bases: ["region"] },
 *   ],
 *   permissions: {},
 *   accounts: () => ({ accounts: [{ id: "1" }] }),
 *   async collect({ account, scope }) {
 *     await scope({ kind: "tiny_account" }, (found) =>
 *       found.node({ id: account.id, reported: { name: "only one" } }));
 *   },
 * });
 * ```
 */
export function definePlugin<Config>(
  definition: PluginDefinition<Config>,
): PluginDefinition<Config> {
  const faults = definitionFaults(definition);
  if (faults.length > 0) {
    throw new SkymapError(
      "plugin_invalid",
      `Cannot define plugin "${definition?.name}": ${faults.join("; ")}`,
      { details: { faults } },
    );
  }
  return Object.freeze(definition);
}
