import type { Json, JsonObject } from "@skymap/lib/plugin";
import { operationSchema } from "./client.ts";
import type {
  CallName,
  DetailCall,
  Item,
  ResourceDeclaration,
  Target,
  WriteCall,
} from "./declaration.ts";
import { placed } from "./item_place.ts";
import { parsePath } from "./path.ts";
import { reportedOf } from "./reported_of.ts";
import { sampleOf, unknownMembers } from "./schema_sample.ts";
import { open, schemaAt } from "./schema_shape.ts";

/** What may be in an item, by the SDK, and what its details may be. */
export interface ItemSchemas {
  /** Schema of an item. */
  readonly item: unknown;
  /** Schemas of its details by their names. */
  readonly details: ReadonlyMap<string, unknown>;
}

const PLACE = {
  account: "111111111111",
  partition: "aws",
  region: "us-east-1",
};

/** Faults of one input: the operation is not there, or does not take it. */
export async function givenFaults(
  call: CallName,
  given: Json | undefined,
): Promise<string[]> {
  const { input } = await operationSchema(call);
  return unknownMembers(given, open(input))
    .map((path) => `${call.operation} takes no ${path}`);
}

/** Two items and targets, with everything in them: flags are on, or off. */
function samplesOf(
  resource: ResourceDeclaration,
  { details, item }: ItemSchemas,
): { readonly item: Item; readonly target: Target }[] {
  return [true, false].map((flag) => {
    const whole = {
      ...sampleOf(item, { flag }) as Item,
      ...Object.fromEntries(
        [...details].map((
          [name, schema],
        ) => [name, sampleOf(schema, { flag })]),
      ),
    };
    const [sample = {}] = placed([whole], PLACE);
    const reported: JsonObject = {
      ...reportedOf(resource, "x", sample),
      tags: { key: "x" },
    };
    return { item: sample, target: { ...PLACE, id: "x", reported } };
  });
}

async function callFaults(
  { input, ...call }: WriteCall,
  samples: ReturnType<typeof samplesOf>,
): Promise<string[]> {
  const faults: string[] = [];
  for (const { item, target } of samples) {
    const inputs = input(item, target);
    for (const given of [inputs ?? []].flat() as JsonObject[]) {
      faults.push(...await givenFaults(call, given));
    }
  }
  // An operation that is not there is a fault though it is given nothing.
  faults.push(...await givenFaults(call, {}));
  return faults;
}

async function detailFaults(
  { askFor, input = {}, ...call }: DetailCall,
  samples: ReturnType<typeof samplesOf>,
): Promise<string[]> {
  const all = await Promise.all(
    samples.map(({ item }) =>
      givenFaults(call, { ...input, ...askFor(["x"], item) })
    ),
  );
  return all.flat();
}

/**
 * Compares the calls of a declaration that change something, and the one that
 * reads a single resource, with what the SDK knows of them.
 */
export async function writeFaults(
  resource: ResourceDeclaration,
  schemas: ItemSchemas,
): Promise<string[]> {
  const { detach = [], list, one, remove, tagging } = resource;
  const known = new Map(schemas.details);
  for (const { as, result, ...call } of remove?.details ?? []) {
    const { output } = await operationSchema(call);
    const steps = result === undefined ? [] : parsePath(result).steps;
    known.set(as, schemaAt(output, steps));
  }
  const samples = samplesOf(resource, { ...schemas, details: known });
  const faults: string[] = [];
  for (const detail of remove?.details ?? []) {
    faults.push(...await detailFaults(detail, samples));
  }
  for (const call of [...remove?.calls ?? [], ...detach]) {
    faults.push(...await callFaults(call, samples));
  }
  for (const { target } of samples) {
    if (one !== undefined && "operation" in list) {
      faults.push(...await givenFaults(list, one(target)));
    }
    if (tagging === undefined) continue;
    const { current, set, unset } = tagging;
    faults.push(
      ...await givenFaults(set, set.input(target, { key: "value" })),
      ...await givenFaults(unset, unset.input(target, ["key"])),
    );
    if (current === undefined) continue;
    faults.push(...await givenFaults(current, current.input(target)));
    const { output } = await operationSchema(current);
    if (schemaAt(output, parsePath(current.result).steps) === undefined) {
      faults.push(`${current.operation} gives no ${current.result}`);
    }
  }
  return [...new Set(faults)];
}
