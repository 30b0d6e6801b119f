import { SkymapError } from "../errors.ts";
import { isObject } from "../json.ts";
import type { CollectorDefinition, PluginDefinition } from "./contract.ts";
import { manifestFaults, manifestOf, type PluginData } from "./manifest.ts";

/** What is wrong with a table of functions, such as `tasks`. */
function tableFaults(name: string, table: unknown): string[] {
  if (table === undefined) return [];
  if (!isObject(table)) return [`${name} is no object of functions`];
  return Object.entries(table).flatMap(([key, value]) =>
    typeof value === "function"
      ? []
      : [`${name}.${key} is ${typeof value}, expected a function`]
  );
}

function reactionFaults(reactions: unknown): string[] {
  if (reactions === undefined) return [];
  if (!Array.isArray(reactions)) return ["reactions is no list"];
  return reactions.filter(isObject).flatMap(({ name, react }) =>
    typeof react === "function"
      ? []
      : [`reaction "${name}": react is ${typeof react}, expected a function`]
  );
}

/** What is wrong with the functions of a definition. */
function functionFaults(value: Record<string, unknown>): string[] {
  const faults: string[] = [];
  for (const name of ["accounts", "collect", "isConfigured", "policy"]) {
    const type = typeof value[name];
    if (type !== "undefined" && type !== "function") {
      faults.push(`${name} is ${type}, expected a function`);
    }
  }
  if (value["collect"] !== undefined && value["accounts"] === undefined) {
    faults.push("accounts is missing, which collect needs");
  }
  const works = ["collect", "actions", "tasks", "commands", "reactions"];
  if (works.every((name) => value[name] === undefined)) {
    faults.push(`it does nothing: it has none of ${works.join(", ")}`);
  }
  for (const name of ["actions", "tasks", "commands"]) {
    faults.push(...tableFaults(name, value[name]));
  }
  return [...faults, ...reactionFaults(value["reactions"])];
}

/** Every fault of what should be a definition; empty when it is one. */
export function definitionFaults(value: unknown): string[] {
  if (!isObject(value)) {
    return ["it has no default export made by definePlugin()"];
  }
  const faults = functionFaults(value);
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
  definition: CollectorDefinition<Config>,
): CollectorDefinition<Config>;
/** Checks a plugin that does other work than collect. */
export function definePlugin<Config>(
  definition: PluginDefinition<Config>,
): PluginDefinition<Config>;
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
