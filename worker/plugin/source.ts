import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import { findBesideBinary, findDeno } from "./find_deno.ts";

/** Where the files of this Skymap are, for a plugin process. */
export interface Installation {
  /** The Deno that runs plugins. */
  readonly deno: string;
  /** Folder of the installation, with a slash at its end. */
  readonly base: string;
  /** Main module of a plugin process. */
  readonly runner: string;
  /** Module of a bundled plugin, relative to `base`; `NAME` is its name. */
  readonly pluginPath: string;
  /** What a plugin's own tests import. */
  readonly testing: string;
  /** What bare names in a plugin mean. */
  readonly imports: Readonly<Record<string, string>>;
  /** Lock file of the bundled plugins' npm packages, or none. */
  readonly lock?: string;
}

/** A plugin's module: a file of the installation, or a text that is told. */
export type PluginSource = FileSource | ModuleSource;

/**
 * A self-contained module, packed and published. What runs is this text: the
 * plugin's process gets it from the worker and fetches nothing.
 */
export interface ModuleSource {
  /** What it is called in messages: its name and version. */
  readonly spec: string;
  /** SHA-256 of the text, in hexadecimal digits; checked before it runs. */
  readonly sha256: string;
  /** The text: JavaScript that imports nothing but `@skymap/lib/plugin`. */
  readonly text: string;
}

/** A plugin that came with Skymap: trusted as the worker's own code is. */
export interface FileSource {
  /** What it is called in messages: its name. */
  readonly spec: string;
  /** Its file. */
  readonly url: string;
  /** What bare names in it mean, beside those of the installation. Default: none. */
  readonly imports?: Readonly<Record<string, string>>;
}

/** The npm packages of the installation, by bare name. */
async function npmImports(base: string): Promise<Record<string, string>> {
  const text = await Deno.readTextFile(new URL("deno.json", base));
  const { imports } = JSON.parse(text) as { imports?: unknown };
  return Object.fromEntries(
    Object.entries(isObject(imports) ? imports : {}).filter((entry) =>
      String(entry[1]).startsWith("npm:")
    ) as [string, string][],
  );
}

/**
 * Finds the installation that this module belongs to: the source tree, or the
 * folder of bundled files, whose plugins are one file each.
 *
 * @throws {SkymapError} `plugin_unreachable`, if what a compiled binary needs
 * beside it is not there.
 */
export async function findInstallation(
  module?: string,
): Promise<Installation> {
  const { standalone } = Deno.build;
  const execPath = Deno.execPath();
  const path = standalone ? Deno.env.get("PATH") ?? "" : "";
  const deno = await findDeno({ standalone, execPath, path });
  module ??= standalone ? await findBesideBinary(execPath) : import.meta.url;
  if (module.endsWith(".js")) {
    const base = new URL("./", module).href;
    const sdk = new URL("plugin_sdk.js", base).href;
    return {
      deno,
      base,
      runner: new URL("runner.js", base).href,
      testing: new URL("plugin_testing.js", base).href,
      pluginPath: "plugins/NAME.js",
      imports: { "@skymap/lib/plugin": sdk },
    };
  }
  const base = new URL("../../", module).href;
  const at = (path: string) => new URL(path, base).href;
  return {
    deno,
    base,
    runner: at("worker/plugin/runner.ts"),
    testing: at("lib/testing/mod.ts"),
    pluginPath: "plugins/NAME/mod.ts",
    imports: {
      ...await npmImports(base),
      "@skymap/lib/plugin": at("lib/plugin/mod.ts"),
      "@skymap/lib/plugin_host": at("lib/plugin/host.ts"),
    },
    lock: decodeURIComponent(new URL("deno.lock", base).pathname),
  };
}

/** Names of the plugins that came with the installation. */
export async function bundledPlugins(
  { base, pluginPath }: Installation,
): Promise<string[]> {
  const names: string[] = [];
  const extension = /NAME(\.[a-z]+)$/.exec(pluginPath)?.[1] ?? "";
  for await (const entry of Deno.readDir(new URL("plugins/", base))) {
    if (entry.name.endsWith(extension)) {
      names.push(entry.name.slice(0, entry.name.length - extension.length));
    }
  }
  return names.sort();
}

/**
 * The module of a plugin that came with this Skymap.
 *
 * @throws {SkymapError} `plugin_unreachable`, if there is none of that name.
 */
export async function resolvePlugin(
  name: string,
  installation: Installation,
): Promise<FileSource> {
  const names = await bundledPlugins(installation);
  if (!names.includes(name)) {
    throw new SkymapError(
      "plugin_unreachable",
      `Cannot load plugin "${name}": it did not come with Skymap, there are ${
        names.join(", ")
      }`,
    );
  }
  const { base, pluginPath } = installation;
  const url = new URL(pluginPath.replace("NAME", name), base).href;
  return { spec: name, url };
}
