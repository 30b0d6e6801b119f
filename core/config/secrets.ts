/**
 * Hides the secrets of a configuration, and puts them back.
 *
 * @module
 */

import { hasReference, isSecretName } from "@skymap/lib/config";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { createHmac, randomBytes } from "node:crypto";
import { type ConfigSchema, dereference } from "./config_schema.ts";
import type { ConfigFault, ConfigPath } from "./schema_faults.ts";

const MARK = /^REDACTED-[0-9a-f]{12}$/;

/** Told of each text and number; what it gives stands in its place. */
type OnValue = (
  value: string | number,
  isSecret: boolean,
  path: ConfigPath,
) => string | number;

/** Marks that stand for secrets: they say nothing about them to others. */
export class SecretMarks {
  readonly #key: Uint8Array;

  /** Takes the key of the marks. Default: one of this process alone. */
  constructor(key: Uint8Array = randomBytes(32)) {
    this.#key = key;
  }

  #markOf(secret: string | number): string {
    const digest = createHmac("sha256", this.#key)
      .update(JSON.stringify(secret)).digest("hex");
    return `REDACTED-${digest.slice(0, 12)}`;
  }

  /**
   * The document with a mark in the place of each secret: texts and numbers under
   * a name such as `token`, and what a schema says is one. A text with a reference
   * to the environment is none.
   */
  redact(config: JsonObject, schema: ConfigSchema = {}): JsonObject {
    const onValue: OnValue = (value, isSecret) => {
      if (!isSecret || value === "") return value;
      return typeof value === "string" && hasReference(value)
        ? value
        : this.#markOf(value);
    };
    return walk(config, schema, schema, onValue, []) as JsonObject;
  }

  /**
   * The document with the secrets of `stored` in the place of their marks, however
   * they were moved; and what marks stand for no secret of it.
   */
  restore(
    config: JsonObject,
    stored: JsonObject,
  ): { readonly config: JsonObject; readonly faults: readonly ConfigFault[] } {
    const known = new Map<string, string | number>();
    const onSecret: OnValue = (value) => {
      known.set(this.#markOf(value), value);
      return value;
    };
    walk(stored, {}, {}, onSecret, []);
    const faults: ConfigFault[] = [];
    const onValue: OnValue = (value, _isSecret, path) => {
      if (typeof value !== "string" || !MARK.test(value)) return value;
      const secret = known.get(value);
      if (secret === undefined) {
        faults.push({
          path,
          message:
            "is the mark of a secret that is not known, wanted the secret itself",
        });
      }
      return secret ?? value;
    };
    const restored = walk(config, {}, {}, onValue, []) as JsonObject;
    return { config: restored, faults };
  }
}

function walk(
  value: Json,
  schema: ConfigSchema,
  root: ConfigSchema,
  onValue: OnValue,
  path: ConfigPath,
  isSecret = false,
): Json {
  if (typeof value === "string" || typeof value === "number") {
    return onValue(value, isSecret, path);
  }
  if (Array.isArray(value)) {
    const { items } = schema;
    const each = typeof items === "object" ? dereference(items, root) : {};
    return value.map((one, at) =>
      walk(one, each, root, onValue, [...path, at], isSecret || writeOnly(each))
    );
  }
  if (!isObject(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  return Object.fromEntries(
    Object.entries(value as JsonObject).map(([name, each]) => {
      const known = Object.hasOwn(properties, name)
        ? properties[name]
        : additionalProperties;
      const inner = typeof known === "object" ? dereference(known, root) : {};
      // What a parameter such as a token is when a call leaves it out.
      const isDefault = name === "default" &&
        typeof value["name"] === "string" && isSecretName(value["name"]);
      const secret = writeOnly(inner) || isDefault ||
        (isSecretName(name) && !isObject(each) && !isNumeric(inner));
      return [name, walk(each, inner, root, onValue, [...path, name], secret)];
    }),
  );
}

/** A number of a property that takes numbers is no password of digits. */
function isNumeric({ type }: ConfigSchema): boolean {
  return [type ?? []].flat().some((each) =>
    each === "number" || each === "integer"
  );
}

function writeOnly(schema: ConfigSchema): boolean {
  return schema.writeOnly === true;
}
