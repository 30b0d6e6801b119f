/**
 * Whether what a plugin reports fits the kind that it declared.
 *
 * @module
 */

import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { parseValueKind, type ValueKindNode } from "@skymap/lib/resource";
import { COERCE } from "./coerce_value.ts";
import type { KindRegistry } from "./kind_registry.ts";

/** Why a value does not fit. */
export interface ValueFault {
  /** Where, such as `reported.rules[2].port`. */
  readonly path: string;
  /** What is there and what was expected. */
  readonly problem: string;
}

/**
 * Checks one value: gives it in the form that is stored (itself when nothing had
 * to be changed), or a fault.
 */
export type CheckValue = (value: Json) => Json | Fault;

/**
 * A fault on its way out of the value: each level adds its step. A class, so that
 * it cannot be taken for a value.
 */
class Fault {
  readonly #steps: string[] = [];

  constructor(readonly problem: string) {}

  in(step: string): this {
    this.#steps.push(step);
    return this;
  }

  get path(): string {
    return `reported${this.#steps.toReversed().join("")}`;
  }
}

/** A value as it is told to people, cut when it is long. */
function show(value: Json | undefined): string {
  const text = JSON.stringify(value) ?? "missing";
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}

const PLAIN_KEY = /^[A-Za-z_][A-Za-z0-9_]*$/;

function keyStep(key: string): string {
  return PLAIN_KEY.test(key) ? `.${key}` : `.${JSON.stringify(key)}`;
}

/** Checks each part and copies only when one of them changes. */
function checkArray(items: CheckValue): CheckValue {
  return (value) => {
    if (!Array.isArray(value)) {
      return new Fault(`is ${show(value)}, expected a list`);
    }
    let copy: Json[] | undefined;
    for (let at = 0; at < value.length; at++) {
      const item = value[at] as Json;
      const checked = items(item);
      if (checked instanceof Fault) return checked.in(`[${at}]`);
      if (checked !== item) (copy ??= [...value])[at] = checked;
    }
    return copy ?? value;
  };
}

function checkDictionary(values: CheckValue): CheckValue {
  return (value) => {
    if (!isObject(value)) {
      return new Fault(`is ${show(value)}, expected an object`);
    }
    let copy: Record<string, Json> | undefined;
    for (const key of Object.keys(value)) {
      const item = value[key] as Json;
      const checked = values(item);
      if (checked instanceof Fault) return checked.in(keyStep(key));
      if (checked !== item) {
        (copy ??= { ...value as JsonObject })[key] = checked;
      }
    }
    return copy ?? value as JsonObject;
  };
}

/** Makes and keeps the checkers of a registry's kinds. */
class Checkers {
  readonly #registry: KindRegistry;
  readonly #named = new Map<string, CheckValue>();

  constructor(registry: KindRegistry) {
    this.#registry = registry;
  }

  of(node: ValueKindNode): CheckValue {
    switch (node.type) {
      case "array":
        return nullable(checkArray(this.of(node.items)));
      case "dictionary":
        return nullable(checkDictionary(this.of(node.values)));
      case "simple": {
        const { name } = node;
        const coerce = COERCE[name];
        return (value) => {
          if (value === null) return null;
          return coerce(value) ??
            new Fault(`is ${show(value)}, expected ${name}`);
        };
      }
      case "named":
        return nullable(this.named(node.name));
    }
  }

  /** The checker of a kind by its name; kinds may contain themselves. */
  named(name: string): CheckValue {
    const known = this.#named.get(name);
    if (known !== undefined) return known;
    let checker: CheckValue | undefined;
    this.#named.set(name, (value) => (checker ??= this.#make(name))(value));
    checker = this.#make(name);
    this.#named.set(name, checker);
    return checker;
  }

  #make(name: string): CheckValue {
    const kind = this.#registry.resolve(name);
    if (kind === undefined) {
      return () => new Fault(`has kind "${name}", which nobody declares`);
    }
    const { enum: values } = kind.declaration;
    if (values !== undefined) {
      const known: ReadonlySet<unknown> = new Set(values);
      const list = values.map((value) => `"${value}"`).join(", ");
      return (value) =>
        known.has(value)
          ? value
          : new Fault(`is ${show(value)}, expected one of ${list}`);
    }
    const checks = new Map<string, CheckValue>();
    const required: string[] = [];
    for (const [key, property] of kind.properties) {
      if (property.synthetic !== undefined) {
        const { from } = property.synthetic;
        checks.set(
          key,
          () => new Fault(`is given, but it is computed from "${from}"`),
        );
        continue;
      }
      checks.set(key, this.of(parseValueKind(property.kind)));
      if (property.required === true) required.push(key);
    }
    const unknown: CheckValue = kind.allowUnknown
      ? this.of({ type: "simple", name: "any" })
      : () => new Fault(`is no property of kind "${name}"`);
    return checkProperties(checks, required, unknown);
  }
}

function nullable(check: CheckValue): CheckValue {
  return (value) => value === null ? null : check(value);
}

function checkProperties(
  checks: ReadonlyMap<string, CheckValue>,
  required: readonly string[],
  unknown: CheckValue,
): CheckValue {
  return (value) => {
    if (!isObject(value)) {
      return new Fault(`is ${show(value as Json)}, expected an object`);
    }
    const object = value as JsonObject;
    let copy: Record<string, Json> | undefined;
    for (const key in object) {
      const item = object[key] as Json;
      const checked = (checks.get(key) ?? unknown)(item);
      if (checked instanceof Fault) return checked.in(keyStep(key));
      if (checked !== item) (copy ??= { ...object })[key] = checked;
    }
    for (const key of required) {
      const item = object[key];
      if (item === undefined || item === null) {
        return new Fault(`is ${show(item)}, but it is required`)
          .in(keyStep(key));
      }
    }
    return copy ?? object;
  };
}

/** Checks what is reported of a resource of one kind. */
export type CheckNode = (
  reported: JsonObject,
) => { readonly reported: JsonObject } | { readonly fault: ValueFault };

/** Checkers for the kinds of a registry; make new ones when it was updated. */
export class NodeChecks {
  readonly #registry: KindRegistry;
  readonly #checkers: Checkers;

  /** Takes the kinds as they are now. */
  constructor(registry: KindRegistry) {
    this.#registry = registry;
    this.#checkers = new Checkers(registry);
  }

  /**
   * The checker of a kind of resources, or undefined when it is no such kind.
   * `id` must be in what is reported, `kind` is added.
   */
  of(kind: string): CheckNode | undefined {
    if (!this.#registry.isResource(kind)) return undefined;
    const check = this.#checkers.named(kind);
    return (reported) => {
      const checked = check(reported);
      if (checked instanceof Fault) {
        return { fault: { path: checked.path, problem: checked.problem } };
      }
      return { reported: { ...checked as JsonObject, kind } };
    };
  }
}
