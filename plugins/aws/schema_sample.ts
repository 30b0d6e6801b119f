import {
  elementOf,
  memberOf,
  membersOf,
  shapeOf,
  valuesOf,
} from "./schema_shape.ts";

/** Schemas name each other: deeper than this is left out. */
const DEEPEST = 6;

/** How a sample differs from others of its schema. */
export interface SampleOptions {
  /** What is true or false in it. */
  readonly flag: boolean;
}

/** A value of a schema, with everything that there may be in it. */
export function sampleOf(
  schema: unknown,
  options: SampleOptions,
  depth = 0,
): unknown {
  if (depth > DEEPEST) return;
  switch (shapeOf(schema)) {
    case "structure":
      return Object.fromEntries(
        membersOf(schema).map((name) => [
          name,
          sampleOf(memberOf(schema, name), options, depth + 1),
        ]),
      );
    case "list":
      return [sampleOf(elementOf(schema), options, depth + 1)];
    case "map":
      return { key: sampleOf(valuesOf(schema), options, depth + 1) };
    case "number":
      return 1;
    case "boolean":
      return options.flag;
    case "time":
      return new Date(0);
    case "bytes":
      return new Uint8Array(1);
    default:
      return "x";
  }
}

/** Members of a value that its schema does not have, as paths. */
export function unknownMembers(
  value: unknown,
  schema: unknown,
  prefix = "",
): string[] {
  if (typeof value !== "object" || value === null || value instanceof Date) {
    return [];
  }
  const shape = shapeOf(schema);
  if (Array.isArray(value)) {
    return shape === "list"
      ? value.flatMap((one) => unknownMembers(one, elementOf(schema), prefix))
      : [];
  }
  if (shape === "map") {
    return Object.values(value).flatMap((one) =>
      unknownMembers(one, valuesOf(schema), prefix)
    );
  }
  if (shape !== "structure") return [];
  const members = membersOf(schema);
  return Object.entries(value).flatMap(([name, one]) =>
    members.includes(name)
      ? unknownMembers(one, memberOf(schema, name), `${prefix}${name}.`)
      : one === undefined
      ? []
      : [`${prefix}${name}`]
  );
}
