import type { JsonObject } from "@skymap/lib/plugin";
import { givenFaults, writeFaults } from "./check_writes.ts";
import { operationSchema } from "./client.ts";
import {
  callsOf,
  type DetailCall,
  type Item,
  type Listing,
  type ReadCall,
  type ResourceDeclaration,
} from "./declaration.ts";
import { PLACE_MEMBERS } from "./item_place.ts";
import { parsePath, type Path, type PathStep } from "./path.ts";
import type { Properties, Property } from "./property.ts";
import { idPaths } from "./resource_id.ts";
import { sampleOf } from "./schema_sample.ts";
import {
  ANYTHING,
  listOf,
  membersOf,
  schemaAt,
  type SchemaShape,
  shapeOf,
  structureOf,
  TEXT,
  valuesOf,
} from "./schema_shape.ts";

/** Value kinds, and what AWS may give for them. */
const FITTING: Readonly<Record<string, readonly SchemaShape[]>> = {
  string: ["text", "time", "number"],
  int64: ["number"],
  double: ["number"],
  boolean: ["boolean"],
  datetime: ["time", "text", "number"],
  any: ["text", "structure", "list", "map"],
  "dictionary[string, string]": ["list", "map"],
  "dictionary[string, int64]": ["map"],
  "dictionary[string, string[]]": ["list", "map"],
};

/** The details' schemas by the name that they are put under. */
type Known = ReadonlyMap<string, unknown>;

/** Whether a path ends in a map, such as attributes, which are all texts. */
function endsInMap(item: unknown, known: Known, path: Path): boolean {
  const above = { ...path, steps: path.steps.slice(0, -1) };
  return shapeOf(itemSchema(item, known, above)) === "map";
}

/** The schema at a path of an item, or of one of its details. */
function itemSchema(item: unknown, known: Known, { steps }: Path): unknown {
  const [first, ...rest] = steps;
  return first?.type === "member" && first.name.startsWith("$")
    ? schemaAt(known.get(first.name), rest)
    : schemaAt(item, steps);
}

function fits(
  { from, kind, take, values }: Property,
  schema: unknown,
): boolean {
  if (schema === undefined) return false;
  const shape = shapeOf(schema);
  if (from !== undefined) return shape === from;
  if (take === "any" || shape === "anything") return true;
  if (values !== undefined) {
    return shape === (kind.startsWith("dictionary[") ? "map" : "structure");
  }
  // The keys of a map.
  if (kind === "string[]" && take === "first") return shape === "map";
  const wanted = FITTING[kind.replace(/\[\]$/, "")];
  // Kinds that are not listed are enums, which are texts.
  return wanted === undefined ? shape === "text" : wanted.includes(shape);
}

function propertyFaults(
  properties: Properties,
  item: unknown,
  known: Known,
  prefix = "",
): string[] {
  return Object.entries(properties).flatMap(([name, property]) =>
    property.paths.flatMap((path) => {
      const at = itemSchema(item, known, path);
      const what = `property "${prefix}${name}"`;
      if (at === undefined) return [`${what}: AWS has no ${path.text}`];
      if (shapeOf(at) === "text" && endsInMap(item, known, path)) return [];
      if (!fits(property, at)) {
        return [
          `${what} is ${property.kind}, but ${path.text} is ${shapeOf(at)}`,
        ];
      }
      return property.values === undefined ? [] : propertyFaults(
        property.values.properties,
        valuesOf(at) ?? at,
        new Map(),
        `${prefix}${name}.`,
      );
    })
  );
}

async function prepareFaults(
  { prepare }: Omit<ReadCall, "result">,
): Promise<string[]> {
  if (prepare === undefined) return [];
  const { output } = await operationSchema(prepare);
  return schemaAt(output, parsePath(prepare.path).steps) === undefined
    ? [`${prepare.operation} gives no ${prepare.path}`]
    : [];
}

/** Members by which services say where the next page is. */
const TOKENS: ReadonlySet<string> = new Set([
  "ContinuationToken",
  "Marker",
  "NextMarker",
  "NextToken",
  "nextToken",
  "position",
]);

/** Faults of how a call's pages are followed. */
async function pagesFaults(call: Omit<ReadCall, "result">): Promise<string[]> {
  const { input, output } = await operationSchema(call);
  const { operation, pages } = call;
  const members = membersOf(input);
  if (pages === undefined) {
    const isPaged = membersOf(output).some((name) =>
      TOKENS.has(name) && members.includes(name)
    );
    return isPaged ? [`${operation} has pages, which are not followed`] : [];
  }
  const { also = {}, size } = pages;
  const taken = [
    pages.input,
    ...Object.keys(also),
    ...(size === undefined ? [] : [size[0]]),
  ];
  return [
    ...taken.filter((name) => !members.includes(name))
      .map((name) => `${operation} takes no ${name}`),
    ...[pages.output, ...Object.values(also)]
      .filter((path) => schemaAt(output, parsePath(path).steps) === undefined)
      .map((path) => `${operation} gives no ${path}`),
  ];
}

/** Faults of what a call is given, and of how its answer is read. */
async function inputFaults(
  call: Omit<ReadCall, "result">,
  given: JsonObject,
): Promise<string[]> {
  const { count, operation } = call;
  const faults = await givenFaults(call, given);
  const { output } = await operationSchema(call);
  if (
    count !== undefined &&
    schemaAt(output, parsePath(count).steps) === undefined
  ) faults.push(`${operation} gives no ${count}`);
  return [
    ...faults,
    ...await pagesFaults(call),
    ...await prepareFaults(call),
  ];
}

async function resultSchema(
  call: Omit<ReadCall, "result">,
  result: string | undefined,
): Promise<unknown> {
  if (call.read !== undefined) return ANYTHING;
  const { output } = await operationSchema(call);
  const steps: readonly PathStep[] = result === undefined
    ? []
    : parsePath(result).steps;
  return schemaAt(output, steps);
}

async function detailFaults(
  detail: DetailCall,
  item: unknown,
  known: Known,
  schema: unknown,
): Promise<string[]> {
  const { as, askFor, input = {}, match, of } = detail;
  const faults = await inputFaults(detail, {
    ...input,
    ...askFor(["x"], sampleOf(item, { flag: true }) as Item),
  });
  if (schema === undefined) faults.push(`detail "${as}": no ${detail.result}`);
  if (itemSchema(item, known, parsePath(of)) === undefined) {
    faults.push(`detail "${as}": an item has no ${of}`);
  }
  if (
    match !== undefined &&
    schemaAt(schema, parsePath(match).steps) === undefined
  ) faults.push(`detail "${as}": a detail has no ${match}`);
  return faults;
}

/** The schema of what is listed, or undefined when AWS has none. */
async function listedSchema(list: Listing): Promise<unknown> {
  if (!("operation" in list)) return structureOf(list.as, TEXT);
  const listed = await resultSchema(list, list.result);
  return listed === undefined || list.wrap === undefined
    ? listed
    : structureOf(list.wrap, listed);
}

/** Faults of what a listing is given. */
async function listFaults(list: Listing): Promise<string[]> {
  if (!("operation" in list)) return [];
  const [each = {}] = list.inputs?.("us-east-1") ?? [];
  const given = "each" in list ? list.each.input(["x"]) : each;
  return await inputFaults(list, { ...list.input, ...given });
}

/**
 * Compares a declaration with what the SDK knows of its calls: whether each
 * operation, input, path and page token exists, and whether values fit.
 */
export async function callFaults(
  resource: ResourceDeclaration,
): Promise<string[]> {
  const { details = [], edges = [], kind, list, properties, remove, zone } =
    resource;
  const faults: string[] = [];
  // A kind without a call of its own has nothing that the SDK knows.
  if (callsOf(resource).length === 0) return faults;
  const item = await listedSchema(list);
  if (item === undefined) return [`${kind}: AWS has no items of its list`];
  faults.push(...await listFaults(list));
  const known = new Map<string, unknown>();
  if ("each" in list && list.each.as !== undefined) {
    known.set(list.each.as, TEXT);
  }
  for (const detail of details) {
    const schema = await resultSchema(detail, detail.result);
    faults.push(...await detailFaults(detail, item, known, schema));
    known.set(detail.as, detail.many === undefined ? schema : listOf(schema));
  }
  for (const name of PLACE_MEMBERS) known.set(name, TEXT);
  faults.push(...propertyFaults(properties, item, known));
  for (
    const path of [
      ...idPaths(resource),
      ...(zone === undefined ? [] : [zone]),
      ...edges.flatMap(idPaths),
      ...(remove?.going === undefined ? [] : [remove.going.of]),
    ]
  ) {
    if (itemSchema(item, known, parsePath(path)) === undefined) {
      faults.push(`AWS has no ${path}`);
    }
  }
  faults.push(...await writeFaults(resource, { item, details: known }));
  return faults.map((fault) => `${kind}: ${fault}`);
}
