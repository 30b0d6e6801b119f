/**
 * What is wrong with a value of a configuration, by its schema.
 *
 * @module
 */

import { hasReference, isSecretName } from "@skymap/lib/config";
import { isObject, type Json } from "@skymap/lib/json";
import { nearestNames } from "../model/nearest_names.ts";
import { suggestionText } from "../query/syntax_error.ts";
import { type ConfigSchema, dereference } from "./config_schema.ts";
import { plainWords } from "./foreign_schema.ts";

/** Where something stands in a document. */
export type ConfigPath = readonly (string | number)[];

/** One thing that is wrong. */
export interface ConfigFault {
  /** Where. */
  readonly path: ConfigPath;
  /** What is, and what was wanted. It tells no secret. */
  readonly message: string;
  /** Whether it is the name that is wrong, not what stands under it. */
  readonly isName?: boolean;
}

/** How a value is checked. */
export interface FaultOptions {
  /** Where the value stands. Default: it is the document. */
  readonly path?: ConfigPath;
  /** What `$ref` refers to. Default: the schema. */
  readonly root?: ConfigSchema;
  /**
   * Whether `pattern` is left to whoever uses the value: an expression of
   * somebody else can keep a process busy for ever. Default: no.
   */
  readonly skipsPatterns?: boolean;
  /**
   * Whether a text may refer to the environment: what it stands for is known to
   * the process that uses it. Default: no.
   */
  readonly takesReferences?: boolean;
}

/** Schemas within schemas that are followed. */
const MAX_DEPTH = 60;

/** Comparisons at most: a schema that refers to itself twice has no end. */
const MAX_STEPS = 100_000;

/** Every fault of a value, in the order of the value. */
export function schemaFaults(
  schema: ConfigSchema,
  value: Json,
  options: FaultOptions = {},
): readonly ConfigFault[] {
  return new Check(options.root ?? schema, options)
    .faults(schema, value, options.path ?? [])
    .map((fault) => ({ ...fault, message: plainWords(fault.message) }));
}

/** A path as people write it. */
export function pathText(path: ConfigPath): string {
  return plainWords(
    path.map((part, at) =>
      typeof part === "number" ? `[${part}]` : `${at === 0 ? "" : "."}${part}`
    ).join(""),
  );
}

function typeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number" && Number.isInteger(value)) return "integer";
  return typeof value;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  null: "null",
  number: "a number",
  object: "properties",
  string: "a text",
};

function isType(value: Json, type: string): boolean {
  const actual = typeOf(value);
  return actual === type || (type === "number" && actual === "integer");
}

function oneOf(words: readonly string[]): string {
  return words.length < 2
    ? words.join("")
    : `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}

/** A value as a message may show it: no long one, and nothing of a secret. */
export function shownValue(value: Json, path: ConfigPath): string {
  if (typeof value === "number" || typeof value === "boolean") {
    return String(value);
  }
  if (value === null) return "empty";
  const isSecret = path.some((part) =>
    typeof part === "string" && isSecretName(part)
  );
  return typeof value === "string" && !isSecret && value.length <= 60
    ? JSON.stringify(value)
    : TYPE_WORDS[typeOf(value)] ?? "";
}

class Check {
  readonly #root: ConfigSchema;
  readonly #options: FaultOptions;
  #steps = 0;

  constructor(root: ConfigSchema, options: FaultOptions) {
    this.#root = root;
    this.#options = options;
  }

  faults(
    reference: ConfigSchema,
    value: Json,
    path: ConfigPath,
    depth = 0,
  ): ConfigFault[] {
    if (depth > MAX_DEPTH || this.#steps++ > MAX_STEPS) return [];
    const schema = dereference(reference, this.#root);
    const fault = this.#ownFault(schema, value, path);
    if (fault !== undefined) return [{ path, message: fault }];
    const deeper = depth + 1;
    const faults = (schema.allOf ?? []).flatMap((each) =>
      this.faults(each, value, path, deeper)
    );
    const choices = [schema.anyOf, schema.oneOf].filter((each) =>
      each !== undefined
    );
    for (const each of choices) {
      faults.push(...this.#choiceFaults(each, value, path, deeper));
    }
    if (Array.isArray(value)) {
      const { items } = schema;
      if (typeof items === "object") {
        for (const [at, each] of value.entries()) {
          faults.push(...this.faults(items, each, [...path, at], deeper));
        }
      }
    } else if (isObject(value)) {
      faults.push(...this.#objectFaults(schema, value, path, deeper));
    }
    return faults;
  }

  /** What is wrong with the value itself, whatever is in it. */
  #ownFault(
    schema: ConfigSchema,
    value: Json,
    path: ConfigPath,
  ): string | undefined {
    const { type } = schema;
    const types = type === undefined ? [] : [type].flat();
    if (types.length > 0 && !types.some((each) => isType(value, each))) {
      const wanted = oneOf(types.map((each) => TYPE_WORDS[each] ?? each));
      return `is ${shownValue(value, path)}, wanted ${wanted}`;
    }
    if (typeof value === "string") return this.#textFault(schema, value, path);
    if (schema.const !== undefined && !isSame(schema.const, value)) {
      return `is ${shownValue(value, path)}, wanted ${
        JSON.stringify(schema.const)
      }`;
    }
    const { enum: values } = schema;
    if (values !== undefined && !values.some((each) => isSame(each, value))) {
      return `is ${shownValue(value, path)}, wanted ${
        oneOf(values.map((each) => JSON.stringify(each)))
      }`;
    }
    if (typeof value === "number") return numberFault(schema, value);
    if (Array.isArray(value)) {
      const { minItems = 0, maxItems = Infinity } = schema;
      if (value.length < minItems) {
        return `has ${value.length} elements, wanted at least ${minItems}`;
      }
      if (value.length > maxItems) {
        return `has ${value.length} elements, wanted at most ${maxItems}`;
      }
    }
  }

  #textFault(
    schema: ConfigSchema,
    value: string,
    path: ConfigPath,
  ): string | undefined {
    const { takesReferences = false, skipsPatterns = false } = this.#options;
    if (takesReferences && hasReference(value)) return;
    const is = `is ${shownValue(value, path)}, wanted`;
    const { minLength = 0, maxLength = Infinity, pattern, format } = schema;
    const values = schema.enum ??
      (schema.const === undefined ? undefined : [schema.const]);
    if (values !== undefined && !values.includes(value)) {
      const names = values.filter((each) => typeof each === "string");
      return `${is} ${oneOf(values.map((each) => JSON.stringify(each)))}${
        suggestionText(nearestNames(value, names))
      }`;
    }
    if (value.length < minLength) {
      return minLength === 1
        ? "is empty, wanted a text"
        : `has ${value.length} characters, wanted at least ${minLength}`;
    }
    if (value.length > maxLength) {
      return `has ${value.length} characters, wanted at most ${maxLength}`;
    }
    if (format === "uri" && !URL.canParse(value)) return `${is} a URL`;
    if (pattern !== undefined && !skipsPatterns) {
      if (!new RegExp(pattern, "u").test(value)) {
        return `${is} what matches ${pattern}`;
      }
    }
  }

  #objectFaults(
    { properties = {}, required = [], additionalProperties, propertyNames }:
      ConfigSchema,
    value: Readonly<Record<string, unknown>>,
    path: ConfigPath,
    depth: number,
  ): ConfigFault[] {
    const faults: ConfigFault[] = required
      .filter((name) => !Object.hasOwn(value, name))
      .map((name) => ({
        path: [...path, name],
        message: "is missing",
      }));
    for (const [name, each] of Object.entries(value)) {
      const place = [...path, name];
      const known = Object.hasOwn(properties, name)
        ? properties[name]
        : undefined;
      if (known !== undefined) {
        faults.push(...this.faults(known, each as Json, place, depth));
      } else if (additionalProperties === false) {
        const names = Object.keys(properties);
        const nearest = nearestNames(name, names);
        faults.push({
          path: place,
          isName: true,
          message: `is no such property${
            nearest.length > 0
              ? suggestionText(nearest)
              : names.length === 0
              ? ""
              : `, wanted ${oneOf(names)}`
          }`,
        });
      } else {
        if (propertyNames !== undefined) {
          faults.push(
            ...this.faults(propertyNames, name, place, depth)
              .map(({ message }) => ({
                path: place,
                isName: true,
                message: `the name ${message}`,
              })),
          );
        }
        if (typeof additionalProperties === "object") {
          faults.push(
            ...this.faults(additionalProperties, each as Json, place, depth),
          );
        }
      }
    }
    return faults;
  }

  /** Of several schemas the faults of the one that is meant. */
  #choiceFaults(
    choices: readonly ConfigSchema[],
    value: Json,
    path: ConfigPath,
    depth: number,
  ): ConfigFault[] {
    const all = choices.map((each) => this.faults(each, value, path, depth));
    if (all.some((faults) => faults.length === 0)) return [];
    // The one whose type fits and that is wrong only further in or by its value.
    const meant = all.filter((_, at) => {
      const { type } = dereference(choices[at] ?? {}, this.#root);
      return type === undefined ||
        [type].flat().some((each) => isType(value, each));
    });
    const [first] = meant.sort((one, two) => one.length - two.length);
    if (first !== undefined) return first;
    const types = choices.flatMap((each) =>
      [dereference(each, this.#root).type ?? []].flat()
    );
    return [{
      path,
      message: `is ${shownValue(value, path)}, wanted ${
        oneOf([...new Set(types)].map((each) => TYPE_WORDS[each] ?? each))
      }`,
    }];
  }
}

function numberFault(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: ConfigSchema,
  value: number,
): string | undefined {
  if (minimum !== undefined && value < minimum) {
    return `is ${value}, wanted at least ${minimum}`;
  }
  if (exclusiveMinimum !== undefined && value <= exclusiveMinimum) {
    return `is ${value}, wanted more than ${exclusiveMinimum}`;
  }
  if (maximum !== undefined && value > maximum) {
    return `is ${value}, wanted at most ${maximum}`;
  }
  if (exclusiveMaximum !== undefined && value >= exclusiveMaximum) {
    return `is ${value}, wanted less than ${exclusiveMaximum}`;
  }
}

function isSame(left: Json, right: Json): boolean {
  return JSON.stringify(left) === JSON.stringify(right);
}
