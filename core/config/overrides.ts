/**
 * Values that count in place of what documents say: from the start of core,
 * and from files.
 *
 * @module
 */

import { isSkymapError, messageOf, SkymapError } from "@skymap/lib/errors";
import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import { applyOverrides, type Override } from "@skymap/lib/settings";
import { isConfigId } from "./config_id.ts";
import { readDocument } from "./read_document.ts";

/** A value that counts in place of what a document says. */
export interface ConfigOverride {
  /** Id of the document. */
  readonly id: string;
  /** Where in it. */
  readonly path: readonly string[];
  /** What counts. */
  readonly value: Json;
  /** Flag, variable or file that it is from. */
  readonly origin: string;
}

/** What {@linkcode Overrides} are made of. */
export interface OverridesOptions {
  /** Files `<id>.yml`, or folders of them. Default: none. */
  readonly paths?: readonly string[];
  /** What counts in place of the files too; the last wins. Default: none. */
  readonly fixed?: readonly ConfigOverride[];
  /**
   * Refuses what the overridden documents may not hold; it gets all overrides.
   */
  readonly check: (overrides: readonly ConfigOverride[]) => void;
}

const log = logger("core/config");

const FILE = /^(.+)\.(?:ya?ml|json)$/;

/** Every override, the files as they were read the last time. */
export class Overrides {
  readonly #options: OverridesOptions;
  #all: readonly ConfigOverride[];
  #read = "";
  #told = "";

  private constructor(options: OverridesOptions) {
    this.#options = options;
    this.#all = options.fixed ?? [];
  }

  /**
   * Reads the files.
   *
   * @throws {SkymapError} `config_invalid`, if one cannot be read or says what
   * its document may not hold.
   */
  static async open(options: OverridesOptions): Promise<Overrides> {
    const overrides = new Overrides(options);
    await overrides.#refresh();
    return overrides;
  }

  /** Those of a document, the last wins. */
  of(id: string): readonly ConfigOverride[] {
    return this.#all.filter((each) => each.id === id);
  }

  /** Ids of the documents that are overridden. */
  ids(): readonly string[] {
    return [...new Set(this.#all.map(({ id }) => id))];
  }

  /**
   * Reads the files anew; gives the documents that changed. Files that cannot be
   * used are told, and what they said before goes on to count.
   */
  async refresh(): Promise<readonly string[]> {
    try {
      return await this.#refresh();
    } catch (error) {
      if (!isSkymapError(error)) throw error;
      if (this.#told !== error.message) {
        log.error("{message}; what it said before goes on to count", {
          message: error.message,
        });
      }
      this.#told = error.message;
      return [];
    }
  }

  async #refresh(): Promise<readonly string[]> {
    const { paths = [], fixed = [], check } = this.#options;
    const files = await readFiles(paths);
    const text = JSON.stringify(files);
    if (text === this.#read && this.#told === "") return [];
    const all = [
      ...files.flatMap(({ path, id, text }) =>
        leaves(id, readDocument(id, text).config, [], path)
      ),
      ...fixed,
    ];
    check(all);
    const before = this.#all;
    this.#all = all;
    this.#read = text;
    this.#told = "";
    const textOf = (id: string, each: readonly ConfigOverride[]) =>
      JSON.stringify(each.filter((one) => one.id === id));
    const ids = new Set([...before, ...all].map(({ id }) => id));
    return [...ids].filter((id) => textOf(id, before) !== textOf(id, all));
  }
}

interface OverrideFile {
  readonly path: string;
  readonly id: string;
  readonly text: string;
}

async function readFiles(
  paths: readonly string[],
): Promise<readonly OverrideFile[]> {
  const files: OverrideFile[] = [];
  for (const path of paths) {
    try {
      const { isDirectory } = await Deno.stat(path);
      const names = isDirectory ? await fileNames(path) : [path];
      for (const name of names) {
        const id = FILE.exec(name.split("/").at(-1) ?? "")?.[1] ?? "";
        if (!isConfigId(id)) {
          throw new SkymapError(
            "config_invalid",
            `Cannot use "${name}" as an override: its name is no id of a ` +
              "configuration, wanted a name such as skymap.core.yml",
          );
        }
        files.push({ path: name, id, text: await Deno.readTextFile(name) });
      }
    } catch (cause) {
      if (isSkymapError(cause)) throw cause;
      throw new SkymapError(
        "config_invalid",
        `Cannot read overrides from "${path}": ${messageOf(cause)}`,
        { cause },
      );
    }
  }
  return files;
}

async function fileNames(folder: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    // Hidden ones are those of editors, and of volumes that are swapped at once.
    if (!isDirectory && !name.startsWith(".") && FILE.test(name)) {
      names.push(`${folder.replace(/\/+$/, "")}/${name}`);
    }
  }
  return names.sort();
}

/** A document taken apart: it is laid over another, and not put in its place. */
function leaves(
  id: string,
  value: Json,
  path: readonly string[],
  origin: string,
): readonly ConfigOverride[] {
  const entries = isObject(value) ? Object.entries(value as JsonObject) : [];
  if (entries.length === 0) {
    return path.length === 0 ? [] : [{ id, path, value, origin }];
  }
  return entries.flatMap(([name, each]) =>
    leaves(id, each, [...path, name], origin)
  );
}

/** Sections that stand in a document of their own name. */
const SECTIONS: Readonly<Record<string, string>> = {
  core: "skymap.core",
  custom_commands: "skymap.commands",
  metrics: "skymap.metrics",
};

/**
 * An override of the command line: its first word is a section, and every
 * section belongs to one document. `skymap.` may stand in front.
 */
export function configOverride(
  { path, value, origin = "--override" }: Override,
): ConfigOverride {
  const named = path[0] === "skymap" ? path.slice(1) : path;
  const [section = ""] = named;
  const id = Object.hasOwn(SECTIONS, section)
    ? SECTIONS[section] ?? ""
    : "skymap.worker";
  return { id, path: named, value, origin };
}

/** The document with its overrides. */
export function overridden(
  config: JsonObject,
  overrides: readonly ConfigOverride[],
): JsonObject {
  return overrides.reduce(
    (document, { path, value }) => {
      const isEmpty = isObject(value) && Object.keys(value).length === 0;
      return isEmpty && valueAtPath(document, path) !== undefined
        ? document
        : applyOverrides(document, [{ path, value }]);
    },
    config,
  );
}

/** What stands at a path of properties, or undefined. */
export function valueAtPath(
  config: Json,
  path: readonly string[],
): Json | undefined {
  let value: Json | undefined = config;
  for (const name of path) {
    value = isObject(value) && Object.hasOwn(value, name)
      ? (value as JsonObject)[name]
      : undefined;
  }
  return value;
}
