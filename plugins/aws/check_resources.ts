import {
  callsOf,
  type EdgeDeclaration,
  type ResourceDeclaration,
  sourceOf,
  writesOf,
} from "./declaration.ts";
import { PLACE_MEMBERS } from "./item_place.ts";
import { INHERITED } from "./kinds.ts";
import { parsePath, type PathStep } from "./path.ts";
import type { Properties, Property } from "./property.ts";
import { idPaths } from "./resource_id.ts";

const KIND = /^aws_[a-z0-9]+(_[a-z0-9]+)*$/;
const NAME = /^[a-z][a-z0-9_]*$/;
const OPERATION = /^[A-Z][A-Za-z0-9]+$/;

/** Why a text is no path, or none. */
function pathFaults(what: string, path: string): string[] {
  try {
    parsePath(path);
    return [];
  } catch (error) {
    return [`${what}: ${(error as Error).message}`];
  }
}

/** Members with a `$` that a path begins with. */
function detailsIn(steps: readonly PathStep[]): string[] {
  const [first] = steps;
  return first?.type === "member" && first.name.startsWith("$")
    ? [first.name]
    : [];
}

function propertiesIn(properties: Properties): [string, Property][] {
  return Object.entries(properties).flatMap(([name, property]) => [
    [name, property] as [string, Property],
    ...(property.values === undefined
      ? []
      : propertiesIn(property.values.properties)
        .map(([inner, each]) =>
          [`${name}.${inner}`, each] as [string, Property]
        )),
  ]);
}

function otherOf(edge: EdgeDeclaration): string {
  return "predecessor" in edge ? edge.predecessor : edge.successor;
}

function callFaults(resource: ResourceDeclaration): string[] {
  const { list, details = [] } = resource;
  const faults = [...callsOf(resource), ...writesOf(resource)]
    .filter(({ operation }) => !OPERATION.test(operation))
    .map(({ operation }) => `"${operation}" is no operation`);
  if ("operation" in list) faults.push(...pathFaults("list", list.result));
  if ("operation" in list && !list.result.endsWith("[*]")) {
    faults.push(`list: "${list.result}" gives no items, it must end with [*]`);
  }
  for (const { all, as, batch = 1, match, of, result } of details) {
    if (!as.startsWith("$")) faults.push(`detail "${as}" must start with $`);
    if (batch > 1 && match === undefined) {
      faults.push(`detail "${as}" has a batch, but no match`);
    }
    if (all !== undefined && match === undefined) {
      faults.push(`detail "${as}" tells of all, but has no match`);
    }
    if (match !== undefined && result === undefined) {
      faults.push(`detail "${as}" has match, but no result to match in`);
    }
    for (const path of [of, match, result]) {
      if (path !== undefined) {
        faults.push(...pathFaults(`detail "${as}"`, path));
      }
    }
  }
  const names = details.map(({ as }) => as);
  if (new Set(names).size < names.length) {
    faults.push("two details of one name");
  }
  return faults;
}

function propertyFaults(
  { details = [], edges = [], id, list, properties }: ResourceDeclaration,
): string[] {
  const known = new Set(details.map(({ as }) => as));
  const listedBy = "each" in list && list.each.as !== undefined
    ? [list.each.as]
    : [];
  const used: string[] = [];
  const faults: string[] = [];
  for (const [name, { volatile }] of Object.entries(properties)) {
    if (volatile && INHERITED.has(name)) {
      faults.push(`property "${name}" is of all kinds, it cannot be volatile`);
    }
  }
  for (const [name, { kind, paths, take }] of propertiesIn(properties)) {
    const last = name.split(".").at(-1) ?? "";
    if (!NAME.test(last)) faults.push(`property "${name}" is not snake_case`);
    used.push(...paths.flatMap(({ steps }) => detailsIn(steps)));
    if (take === "all" && !kind.endsWith("[]")) {
      faults.push(`property "${name}" takes a list, but is ${kind}`);
    }
    if (
      take === "all" && !paths[0]?.steps.some(({ type }) => type === "each")
    ) {
      faults.push(`property "${name}" is a list, but its path has no [*]`);
    }
  }
  for (
    const path of [
      ...idPaths({ id }),
      ...edges.flatMap(idPaths),
      ...details.map(({ of }) => of),
    ]
  ) {
    if (pathFaults("", path).length === 0) {
      used.push(...detailsIn(parsePath(path).steps));
    }
  }
  for (const name of new Set(used)) {
    if (PLACE_MEMBERS.includes(name)) continue;
    if (!known.has(name) && !listedBy.includes(name)) {
      faults.push(`"${name}" is read, but no detail`);
    }
  }
  for (const name of known) {
    if (!used.includes(name)) faults.push(`detail "${name}" is never read`);
  }
  return faults;
}

function edgeFaults(
  { edges = [] }: ResourceDeclaration,
  kinds: ReadonlySet<string>,
): string[] {
  return edges.flatMap((edge) => {
    const other = otherOf(edge);
    return [
      ...kinds.has(other) ? [] : [`edge with "${other}", which is no kind`],
      ...idPaths(edge).flatMap((path) =>
        pathFaults(`edge with "${other}"`, path)
      ),
    ];
  });
}

/** Kinds that a kind is listed by, up to the first one twice. */
function sourcesOf(
  kind: string,
  resources: readonly ResourceDeclaration[],
): string[] {
  const chain: string[] = [];
  for (let at: string | undefined = kind; at !== undefined;) {
    const resource = resources.find((each) => each.kind === at);
    const next: string | undefined = resource && sourceOf(resource.list)?.kind;
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
    at = next;
  }
  return chain;
}

/** Faults of how a kind is listed by another one. */
function sourceFaults(
  { kind, list, place = "region" }: ResourceDeclaration,
  resources: readonly ResourceDeclaration[],
): string[] {
  const source = sourceOf(list);
  if (source === undefined) return [];
  const other = resources.find((each) => each.kind === source.kind);
  const faults = pathFaults("list", source.path);
  if (other === undefined) {
    faults.push(`it is listed by "${source.kind}", which is no kind`);
  } else if ((other.place ?? "region") !== place) {
    faults.push(`it is listed by "${source.kind}", which lies elsewhere`);
  }
  if (sourcesOf(kind, resources).includes(kind)) {
    faults.push("it is listed by itself");
  }
  if ("each" in list && list.each.as !== undefined) {
    const { as, batch } = list.each;
    if (!as.startsWith("$")) faults.push(`list: "${as}" must start with $`);
    if (batch !== 1) faults.push(`list: "${as}" needs a batch of 1`);
  }
  return faults;
}

/** Kinds of values that two properties declare differently. */
function valueKindFaults(resources: readonly ResourceDeclaration[]): string[] {
  const seen = new Map<string, string>();
  const faults: string[] = [];
  for (const { kind, properties } of resources) {
    for (const [, { values }] of propertiesIn(properties)) {
      if (values === undefined) continue;
      const shape = JSON.stringify(
        Object.entries(values.properties).map(([name, each]) => [
          name,
          each.kind,
        ]),
      );
      const known = seen.get(values.kind) ?? shape;
      if (known !== shape) {
        faults.push(`${kind}: "${values.kind}" is declared in two ways`);
      }
      seen.set(values.kind, known);
    }
  }
  return faults;
}

/** Every fault of the declarations, each with its kind; empty when all is well. */
export function resourceFaults(
  resources: readonly ResourceDeclaration[],
): string[] {
  const kinds = new Set(resources.map(({ kind }) => kind));
  const faults = resources.flatMap((resource) => {
    const { kind, remove, zone } = resource;
    return [
      ...KIND.test(kind) ? [] : ["its name is not aws_snake_case"],
      ...idPaths(resource).flatMap((path) => pathFaults("id", path)),
      ...zone === undefined ? [] : pathFaults("zone", zone),
      ...sourceFaults(resource, resources),
      ...remove?.calls.length === 0 ? ["it is removed by no call"] : [],
      ...Object.keys(remove?.follows ?? {})
        .filter((path) =>
          resource.properties[path.split(".")[0] ?? ""] === undefined
        )
        .map((name) => `"${name}" follows others, but is no property`),
      ...callFaults(resource),
      ...propertyFaults(resource),
      ...edgeFaults(resource, kinds),
    ].map((fault) => `${kind}: ${fault}`);
  });
  const twice = resources.filter(({ kind }, at) =>
    resources.findIndex((other) => other.kind === kind) !== at
  ).map(({ kind }) => `${kind}: is declared twice`);
  return [...faults, ...twice, ...valueKindFaults(resources)];
}

/**
 * Checks the declarations.
 *
 * @throws {TypeError} With every fault.
 */
export function checkResources(
  resources: readonly ResourceDeclaration[],
): readonly ResourceDeclaration[] {
  const faults = resourceFaults(resources);
  if (faults.length === 0) return resources;
  throw new TypeError(`Cannot use the declarations: ${faults.join("; ")}`);
}
