/**
 * References to environment variables in the texts of a configuration:
 * `$(NAME)`. They are stored and shown as they are written; the process that
 * uses the text puts the value in its place, for itself alone.
 *
 * @module
 */

import { SkymapError } from "../errors.ts";
import type { Json } from "../json.ts";

/** `$(NAME)`, or with one more `$` the same text and no reference. */
const REFERENCE = /(\$?)\$\(([A-Za-z_][A-Za-z0-9_]*)\)/g;

/** Variables that hold keys of Skymap itself: nothing is to pass them on. */
const OWN_KEY = /^SKYMAP_([A-Z]+_)?(PSK|DATABASE_PASSWORD|CERT_KEY_PASS)$/i;

/** How references are resolved. */
export interface ReferenceOptions {
  /** Reads a variable; undefined when it is not set or may not be read. */
  readonly env: (name: string) => string | undefined;
  /** Whether this process may read a variable. */
  readonly mayRead: (name: string) => boolean;
  /** Which variables that are, for people: `SKYMAP_* and AWS_*`. */
  readonly readable: string;
}

/** Whether a text has a reference. */
export function hasReference(text: string): boolean {
  return [...text.matchAll(REFERENCE)].some(([, escape]) => escape === "");
}

/** Names of the variables that the texts of a value refer to. */
export function referencesOf(value: Json): readonly string[] {
  const names = new Set<string>();
  resolve(value, [], {
    env: (name) => {
      names.add(name);
      return "";
    },
    mayRead: () => true,
    readable: "",
  }, []);
  return [...names];
}

/**
 * A value whose texts have the values of variables in place of references to
 * them. `path` says where the value stands, for the error.
 *
 * @throws {SkymapError} `config_invalid`, which names every variable that
 * cannot be had and tells no value.
 */
export function resolveReferences<T extends Json>(
  value: T,
  path: readonly string[],
  options: ReferenceOptions,
): T {
  const faults: string[] = [];
  const resolved = resolve(value, path, options, faults);
  if (faults.length === 0) return resolved as T;
  throw new SkymapError(
    "config_invalid",
    `Cannot use the configuration: ${faults.join("; ")}`,
    { details: { faults } },
  );
}

function resolve(
  value: Json,
  path: readonly string[],
  options: ReferenceOptions,
  faults: string[],
): Json {
  if (typeof value === "string") {
    return value.replaceAll(
      REFERENCE,
      (whole, escape: string, name: string) =>
        escape === "$"
          ? whole.slice(1)
          : variable(name, path.join("."), options, faults),
    );
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((each, at) =>
      resolve(each, [...path, String(at)], options, faults)
    );
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      key,
      resolve(each, [...path, key], options, faults),
    ]),
  );
}

function variable(
  name: string,
  place: string,
  { env, mayRead, readable }: ReferenceOptions,
  faults: string[],
): string {
  const what = `${place} refers to the environment variable ${name}, `;
  if (OWN_KEY.test(name)) {
    faults.push(`${what}which holds a key of Skymap, wanted another one`);
    return "";
  }
  if (!mayRead(name)) {
    faults.push(
      `${what}which this process may not read, wanted one of ${readable}`,
    );
    return "";
  }
  const value = env(name);
  if (value === undefined) {
    faults.push(`${what}which is not set, wanted it in this process`);
    return "";
  }
  return value;
}
