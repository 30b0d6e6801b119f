/**
 * What every collector must do, whatever it collects.
 *
 * @module
 */

import { nodeId } from "@skymap/lib/ids";
import type { CollectorDefinition, JsonObject } from "@skymap/lib/plugin";
import type { CollectedPlugin } from "@skymap/lib/testing";
import { NodeChecks } from "../../core/model/check_node.ts";
import { KindRegistry } from "../../core/model/kind_registry.ts";

type Declared = Pick<
  CollectorDefinition,
  "name" | "version" | "containers" | "kinds"
>;

/**
 * What is wrong with what a plugin found: kinds or nodes that core would refuse,
 * ids that are listed twice, edges without an end in their scope. With `whole`,
 * declared properties that no node has as well.
 */
export function collectedFaults(
  plugin: Declared,
  { scopes }: CollectedPlugin,
  { whole = false }: { readonly whole?: boolean } = {},
): string[] {
  const { name, version, containers, kinds } = plugin;
  const registry = new KindRegistry();
  const problems = registry.update({
    name,
    version,
    cloud: name,
    containers,
    kinds,
  });
  const faults = problems.map((problem) => JSON.stringify(problem));
  const checks = new NodeChecks(registry);
  const set = new Set<string>();
  for (const [place, scope] of scopes) {
    const check = checks.of(scope.kind);
    const ids = new Set<string>();
    for (const { id, reported } of scope.nodes) {
      const checked = check?.({ ...reported, id });
      if (checked === undefined) faults.push(`${place}: no kind of resource`);
      else if ("fault" in checked) {
        const { path, problem } = checked.fault;
        faults.push(`${place}/${id}: ${path} ${problem}`);
      }
      if (ids.has(id)) faults.push(`${place}/${id}: listed twice`);
      ids.add(id);
      for (const name of Object.keys(reported)) {
        set.add(`${scope.kind}.${name}`);
      }
    }
    const own = new Set([...ids].map((id) => nodeId({ ...scope, id })));
    for (const { from, to } of scope.edges) {
      if (!own.has(from) && !own.has(to)) {
        faults.push(`${place}: an edge has no end in its scope`);
      }
    }
  }
  if (!whole) return faults;
  for (const { name, properties = {} } of kinds) {
    for (const property of Object.keys(properties)) {
      if (!set.has(`${name}.${property}`)) {
        faults.push(`${name}.${property} is declared and never set`);
      }
    }
  }
  return faults;
}

/** What is reported of the resources of one scope, by their ids. */
export function nodesOf(
  { scopes }: CollectedPlugin,
  scope: string,
): Record<string, JsonObject> {
  return Object.fromEntries(
    scopes.get(scope)?.nodes.map(({ id, reported }) => [id, reported]) ?? [],
  );
}

/** Every edge as `kind id -> kind id`, sorted; `?` is an end that is not there. */
export function edgesOf({ scopes }: CollectedPlugin): string[] {
  const names = new Map<string, string>();
  for (const scope of scopes.values()) {
    for (const { id } of scope.nodes) {
      names.set(nodeId({ ...scope, id }), `${scope.kind} ${id}`);
    }
  }
  return [...scopes.values()].flatMap(({ edges }) =>
    edges.map(({ from, to, reported }) =>
      `${names.get(from) ?? "?"} -> ${names.get(to) ?? "?"}` +
      (reported === undefined ? "" : ` ${JSON.stringify(reported)}`)
    )
  ).sort();
}
