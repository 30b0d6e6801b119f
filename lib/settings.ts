/**
 * Settings of a role: flags over environment over overrides over defaults.
 *
 * @module
 */

import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { argument, flag, option } from "@optique/core/primitives";
import {
  choice,
  integer,
  string,
  type ValueParser,
} from "@optique/core/valueparser";
import { runSync } from "@optique/run";
import {
  environmentName,
  kebab,
  type SettingDeclaration,
  type SettingDeclarations,
  type Settings,
  valueWithoutFlag,
} from "./environment_settings.ts";
import { SkymapError } from "./errors.ts";
import type { Json } from "./json.ts";

export type {
  SettingDeclaration,
  SettingDeclarations,
  Settings,
  SettingTypes,
} from "./environment_settings.ts";

/** A value that replaces a part of a configuration document. */
export interface Override {
  /** Where: `aws.profiles` is `["aws", "profiles"]`. */
  readonly path: readonly string[];
  /** The new value. */
  readonly value: Json;
  /** The flag or variable that it was read from, when it was. */
  readonly origin?: string;
}

/** What the command line of a role was read to. */
export interface ReadSettings<D extends SettingDeclarations> {
  /** Every declared setting. */
  readonly settings: Settings<D>;
  /** From `--override` and the environment, in order. */
  readonly overrides: readonly Override[];
  /** Words that are no flags, when the role takes them. */
  readonly words: readonly string[];
}

/** Thrown when `--help` or `--version` was printed, or usage was wrong. */
export class ExitRequest extends Error {
  /** The exit code to end with: 0 done, 2 wrong usage. */
  readonly exitCode: number;

  /** Makes the request. */
  constructor(exitCode: number) {
    super(`Exit ${exitCode}`);
    this.name = "ExitRequest";
    this.exitCode = exitCode;
  }
}

/** What {@linkcode readSettings} needs beside the declarations. */
export interface ReadOptions {
  /** The role: `SKYMAP_<ROLE>_` is the prefix of its environment. */
  readonly role: string;
  /** One sentence for `--help`. */
  readonly brief: string;
  /** The words after the role. */
  readonly args: readonly string[];
  /** Reads an environment variable. Default: Deno's. */
  readonly env?: (name: string) => string | undefined;
  /** Name of the words that are no flags. Default: none are taken. */
  readonly words?: string;
  /** Whether the role takes `--override`. Default: false. */
  readonly takesOverrides?: boolean;
}

function valueParser(
  declaration: SettingDeclaration,
): ValueParser<"sync", string> | ValueParser<"sync", number> {
  const { choices, type, min, max } = declaration;
  if (choices !== undefined) return choice(choices);
  if (type !== "integer") return string();
  return integer({
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
  });
}

/** The help of a flag, with its default. */
function helpOf({ help, default: value, type }: SettingDeclaration): string {
  return value === undefined || type === "boolean"
    ? help
    : `${help} Default: ${value}.`;
}

function flagParser(
  name: string,
  declaration: SettingDeclaration,
): Parser<"sync", unknown, unknown> {
  const { short, type } = declaration;
  const names: [`--${string}`, ...`-${string}`[]] = [`--${kebab(name)}`];
  if (short !== undefined) names.push(`-${short}`);
  const options = { description: [text(helpOf(declaration))] };
  if (type === "boolean") return optional(flag(...names, options));
  const one = option(
    ...names,
    valueParser(declaration) as ValueParser<"sync", unknown>,
    options,
  );
  return type === "list" ? multiple(one) : optional(one);
}

/** Whether a flag's value is as good as not given. */
function isAbsent(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}

/** A value as people write it in an override: JSON, `[a, b]` or bare text. */
function parseOverrideValue(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    const list = /^\[(.*)\]$/s.exec(text.trim())?.[1];
    if (list === undefined) return text;
    return list.split(",").map((word) => parseOverrideValue(word.trim()))
      .filter((value) => value !== "");
  }
}

/**
 * Reads `a.b=c`. The value is JSON, a list of bare words, or text.
 *
 * @throws {SkymapError} `usage`, if there is no `=` or a part of the path is empty.
 */
export function parseOverride(text: string): Override {
  const at = text.indexOf("=");
  const path = text.slice(0, Math.max(at, 0)).trim().split(".");
  if (at === -1 || path.some((part) => part === "")) {
    throw new SkymapError(
      "usage",
      `Cannot read override "${text}": expected a form such as "aws.profiles=[a, b]"`,
    );
  }
  return { path, value: parseOverrideValue(text.slice(at + 1)) };
}

/** `SKYMAP_WORKER_OVERRIDE`, then `…_OVERRIDE0`, `…_OVERRIDE1` and so on. */
function environmentOverrides(
  role: string,
  env: (name: string) => string | undefined,
): Override[] {
  const name = environmentName(role, "override");
  const found = (env(name) ?? "").split(/\s+/).filter((word) => word !== "")
    .map((text) => ({ ...parseOverride(text), origin: name }));
  for (let number = 0;; number++) {
    const text = env(`${name}${number}`);
    if (text === undefined) return found;
    found.push({ ...parseOverride(text), origin: `${name}${number}` });
  }
}

/**
 * Reads the command line and the environment of a role.
 *
 * @throws {ExitRequest} After `--help`, or after the fault was printed.
 * @throws {SkymapError} `usage`, if the environment or an override is wrong.
 */
export function readSettings<const D extends SettingDeclarations>(
  declarations: D,
  options: ReadOptions,
): ReadSettings<D> {
  const { role, args, env = (name: string) => Deno.env.get(name) } = options;
  const parsers: Record<string, Parser<"sync", unknown, unknown>> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    parsers[name] = flagParser(name, declaration);
  }
  if (options.takesOverrides === true) {
    parsers["override"] = multiple(option("--override", "-o", string(), {
      description:
        message`Replaces a part of the configuration, as in a.b=c. May be repeated.`,
    }));
  }
  if (options.words !== undefined) {
    parsers["words"] = multiple(
      argument(string({ metavar: options.words as "WORD" })),
    );
  }
  const parsed = runSync(object(parsers), {
    programName: `skymap ${role}`,
    args,
    brief: [text(options.brief)],
    help: "option",
    aboveError: "none",
    errorExitCode: 2,
    onExit: (code): never => {
      throw new ExitRequest(code);
    },
  }) as Record<string, unknown>;

  const settings: Record<string, unknown> = {};
  for (const [name, declaration] of Object.entries(declarations)) {
    settings[name] = isAbsent(parsed[name])
      ? valueWithoutFlag(role, name, declaration, env)
      : parsed[name];
  }
  const flags = (parsed["override"] ?? []) as readonly string[];
  return {
    settings: settings as Settings<D>,
    overrides: options.takesOverrides === true
      ? [
        ...environmentOverrides(role, env),
        ...flags.map((text) => ({
          ...parseOverride(text),
          origin: "--override",
        })),
      ]
      : [],
    words: (parsed["words"] ?? []) as readonly string[],
  };
}

/** A document with overrides applied; later ones win, the input is not changed. */
export function applyOverrides(
  document: { readonly [key: string]: Json },
  overrides: readonly Override[],
): { readonly [key: string]: Json } {
  let result = document;
  for (const { path, value } of overrides) {
    result = setAt(result, path, value) as { [key: string]: Json };
  }
  return result;
}

function setAt(
  target: Json | undefined,
  path: readonly string[],
  value: Json,
): Json {
  const [head, ...rest] = path;
  if (head === undefined) return value;
  const base = typeof target === "object" && target !== null &&
      !Array.isArray(target)
    ? target as { readonly [key: string]: Json }
    : {};
  const next: Json = setAt(
    Object.hasOwn(base, head) ? base[head] : undefined,
    rest,
    value,
  );
  return Object.fromEntries([
    ...Object.entries(base).filter(([key]) => key !== head),
    [head, next],
  ]);
}
