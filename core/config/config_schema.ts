/**
 * The part of JSON schema that configurations are described with.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";

/** What a value of a configuration may be. Keywords it does not name are not looked at. */
export interface ConfigSchema {
  /** What it means, for people. */
  readonly description?: string;
  /** What counts when it is not set. */
  readonly default?: Json;
  /** Whether it is a secret, beside what its name says. */
  readonly writeOnly?: boolean;
  /** Its types. */
  readonly type?: string | readonly string[];
  /** The only value. */
  readonly const?: Json;
  /** The only values. */
  readonly enum?: readonly Json[];
  /** Properties of an object. */
  readonly properties?: Readonly<Record<string, ConfigSchema>>;
  /** Those that must be there. */
  readonly required?: readonly string[];
  /** What others may be; false: there are no others. */
  readonly additionalProperties?: boolean | ConfigSchema;
  /** What the names of properties must be. */
  readonly propertyNames?: ConfigSchema;
  /** Elements of a list. */
  readonly items?: boolean | ConfigSchema;
  /** Fewest elements. */
  readonly minItems?: number;
  /** Most elements. */
  readonly maxItems?: number;
  /** Fewest characters. */
  readonly minLength?: number;
  /** Most characters. */
  readonly maxLength?: number;
  /** Expression that a text matches. */
  readonly pattern?: string;
  /** What a text is, such as `uri`. */
  readonly format?: string;
  /** Smallest number. */
  readonly minimum?: number;
  /** Largest number. */
  readonly maximum?: number;
  /** The number is larger. */
  readonly exclusiveMinimum?: number;
  /** The number is smaller. */
  readonly exclusiveMaximum?: number;
  /** It fits one of these. */
  readonly anyOf?: readonly ConfigSchema[];
  /** It fits one of these, and one only. */
  readonly oneOf?: readonly ConfigSchema[];
  /** It fits all of these. */
  readonly allOf?: readonly ConfigSchema[];
  /** Where in the same schema it is described: `#/$defs/name`. */
  readonly $ref?: string;
  /** Parts that are described once. */
  readonly $defs?: Readonly<Record<string, ConfigSchema>>;
}

/** The schema that a `$ref` stands for, or the schema itself. */
export function dereference(
  schema: ConfigSchema,
  root: ConfigSchema,
): ConfigSchema {
  let found: unknown = schema;
  // A schema of a plugin may refer in a circle.
  for (let hops = 0; hops < 20; hops++) {
    const { $ref, ...rest } = found as ConfigSchema;
    if ($ref === undefined) return found as ConfigSchema;
    const parts = $ref.split("/").slice(1).map((part) =>
      part.replaceAll("~1", "/").replaceAll("~0", "~")
    );
    let target: unknown = root;
    for (const part of parts) {
      target = typeof target === "object" && target !== null &&
          Object.hasOwn(target, part)
        ? (target as Record<string, unknown>)[part]
        : undefined;
    }
    if (typeof target !== "object" || target === null) return rest;
    found = { ...target, ...rest };
  }
  return {};
}

/** Whether it describes an object by its properties. */
export function isSection(schema: ConfigSchema): boolean {
  return schema.type === "object" && schema.properties !== undefined;
}

/** The schema of what stands at a path, or undefined where nothing is said. */
export function schemaAt(
  root: ConfigSchema,
  path: readonly (string | number)[],
): ConfigSchema | undefined {
  let schema: ConfigSchema | undefined = dereference(root, root);
  for (const key of path) {
    const next: boolean | ConfigSchema | undefined = childOf(
      schema,
      key,
    );
    if (typeof next !== "object") return undefined;
    schema = dereference(next, root);
  }
  return schema;
}

function childOf(
  schema: ConfigSchema,
  key: string | number,
): boolean | ConfigSchema | undefined {
  const { properties = {}, additionalProperties, items, anyOf, oneOf } = schema;
  // In a path that was written a place in a list is a text, too.
  const isPlace = typeof key === "number" ||
    (properties[key] === undefined && /^\d+$/.test(key));
  if (isPlace && items !== undefined) return items;
  if (typeof key === "number") {
    // It is no property.
  } else if (Object.hasOwn(properties, key)) return properties[key];
  else if (additionalProperties !== undefined) return additionalProperties;
  for (const each of [...anyOf ?? [], ...oneOf ?? []]) {
    const found = childOf(each, key);
    if (found !== undefined) return found;
  }
}
