/**
 * Settings of a role as its environment has them.
 *
 * @module
 */

import { SkymapError } from "./errors.ts";

/** What a setting holds. */
export interface SettingTypes {
  /** Any text. */
  readonly text: string;
  /** A whole number. */
  readonly integer: number;
  /** On or off; a flag without a value. */
  readonly boolean: boolean;
  /** Texts; the flag may be repeated, the environment separates by blanks. */
  readonly list: readonly string[];
}

/** One setting. */
export interface SettingDeclaration {
  /** What it holds. */
  readonly type: keyof SettingTypes;
  /** What it means, for `--help`. */
  readonly help: string;
  /** Its value when nothing else is said. Default: undefined. */
  readonly default?: string | number | boolean | readonly string[];
  /** A one-letter flag, such as `v`. */
  readonly short?: string;
  /** The only texts it takes. */
  readonly choices?: readonly string[];
  /** Smallest number. */
  readonly min?: number;
  /** Largest number. */
  readonly max?: number;
}

/** Settings by their name in `camelCase`; the flag is `--kebab-case`. */
export type SettingDeclarations = Readonly<Record<string, SettingDeclaration>>;

/** The values of declared settings. */
export type Settings<D extends SettingDeclarations> = {
  readonly [K in keyof D]: D[K] extends { readonly default: unknown }
    ? SettingTypes[D[K]["type"]]
    : D[K]["type"] extends "list" ? readonly string[]
    : SettingTypes[D[K]["type"]] | undefined;
};

/** A name as flags have it: `core-uri` of `coreUri`. */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The environment variable of a setting: `SKYMAP_WORKER_CORE_URI`. */
export function environmentName(role: string, name: string): string {
  return `SKYMAP_${role}_${kebab(name)}`.replaceAll("-", "_").toUpperCase();
}

/** Reads an environment variable as the setting's type. */
function readVariable(
  variable: string,
  text: string,
  declaration: SettingDeclaration,
): unknown {
  const refuse = (wanted: string) =>
    new SkymapError(
      "usage",
      `Cannot read environment variable ${variable}: expected ${wanted}`,
    );
  const { type, choices, min = -Infinity, max = Infinity } = declaration;
  if (choices !== undefined && !choices.includes(text)) {
    throw refuse(`one of ${choices.join(", ")}`);
  }
  if (type === "text") return text;
  if (type === "list") return text.split(/\s+/).filter((word) => word !== "");
  if (type === "boolean") {
    if (/^(1|true|yes|on)$/i.test(text)) return true;
    if (/^(0|false|no|off|)$/i.test(text)) return false;
    throw refuse("true or false");
  }
  const number = Number(text);
  if (!Number.isInteger(number) || number < min || number > max) {
    throw refuse(`a whole number from ${min} to ${max}`);
  }
  return number;
}

/** Reads the environment. */
type Env = (name: string) => string | undefined;

/**
 * The value of a setting that no flag gives: the environment's, else its
 * default.
 *
 * @throws {SkymapError} `usage`, if the environment's is wrong.
 */
export function valueWithoutFlag(
  role: string,
  name: string,
  declaration: SettingDeclaration,
  env: Env,
): unknown {
  const variable = environmentName(role, name);
  const text = env(variable);
  if (text !== undefined) return readVariable(variable, text, declaration);
  return declaration.default ?? (declaration.type === "list" ? [] : undefined);
}

/**
 * The settings of a role that was started without any flag. What reads flags is
 * not loaded for it.
 *
 * @throws {SkymapError} `usage`, if the environment is wrong.
 */
export function settingsWithoutFlags<const D extends SettingDeclarations>(
  declarations: D,
  role: string,
  env: Env = (name) => Deno.env.get(name),
): Settings<D> {
  return Object.fromEntries(
    Object.entries(declarations).map(([name, declaration]) => [
      name,
      valueWithoutFlag(role, name, declaration, env),
    ]),
  ) as Settings<D>;
}
