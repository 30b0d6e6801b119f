import { isDuration, parseDuration } from "../duration.ts";
import type { Json, JsonObject } from "../json.ts";
import { isJsonObject, textOf } from "./json_value.ts";

/** What a value of the configuration has to be. */
export interface ConfigRule {
  /** Whether a value is right. */
  readonly isRight: (value: Json) => boolean;
  /** What is said of a value that is not, after its name. */
  readonly otherwise: string;
}

/** Rules that many plugins have. */
export const CONFIG_RULES: Readonly<
  Record<
    "httpUrl" | "token" | "text" | "texts" | "kinds" | "boolean" | "duration",
    ConfigRule
  >
> = {
  httpUrl: {
    isRight: (value) =>
      typeof value === "string" && URL.canParse(value) &&
      /^https?:$/.test(new URL(value).protocol),
    otherwise: "is no http(s) URL",
  },
  token: {
    isRight: (value) =>
      typeof value === "string" && /^[\x21-\x7e]+$/.test(value),
    otherwise: "is no token",
  },
  text: {
    isRight: (value) => textOf(value) !== undefined,
    otherwise: "is no text",
  },
  boolean: {
    isRight: (value) => typeof value === "boolean",
    otherwise: "is neither true nor false",
  },
  texts: {
    isRight: (value) =>
      Array.isArray(value) &&
      value.every((each) => textOf(each) !== undefined),
    otherwise: "is no list of texts",
  },
  kinds: {
    isRight: (value) =>
      Array.isArray(value) && value.length > 0 &&
      value.every((each) => /^[a-z][a-z0-9_]*$/.test(textOf(each) ?? "")),
    otherwise: "is no list of kinds",
  },
  duration: {
    // "-14d" would be in the future: everything is older than that.
    isRight: (value) =>
      typeof value === "string" && isDuration(value) &&
      parseDuration(value) >= 0,
    otherwise: "is no duration such as 14d",
  },
};

/**
 * The configuration as an object, every value of which follows its rule.
 *
 * @throws {RangeError} Every fault by name, and never with a value, which may be
 * a secret.
 *
 * @example
 * ```ts
 * import { checkConfig, CONFIG_RULES } from "@skymap/lib/plugin";
 * import { throws } from "node:assert/strict";
 *
 * throws(
 *   () => checkConfig({ token: "a b" }, { token: CONFIG_RULES.token }),
 *   { message: 'Cannot read the configuration: "token" is no token' },
 * );
 * ```
 */
export function checkConfig(
  value: unknown,
  rules: Readonly<Record<string, ConfigRule>>,
): JsonObject {
  const config = value ?? {};
  if (!isJsonObject(config)) {
    throw new TypeError("Cannot read the configuration: it is no object");
  }
  const faults = Object.entries(config).flatMap(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    if (rule === undefined) {
      return [`there is no "${name}", only ${Object.keys(rules).join(", ")}`];
    }
    const isRight = value === undefined || rule.isRight(value);
    return isRight ? [] : [`"${name}" ${rule.otherwise}`];
  });
  if (faults.length > 0) {
    throw new RangeError(`Cannot read the configuration: ${faults.join("; ")}`);
  }
  return config;
}
