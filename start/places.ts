/**
 * Finds out where things are, before a role is started with just that.
 *
 * @module
 */

import { resolve } from "node:path";
import { dataDirectory, stateDirectory } from "@skymap/lib/data_dir";
import { editorCommand, pagerCommand } from "@skymap/lib/programs";
import type { Places, RoleName } from "./roles.ts";

/** The ports that the roles listen on when nothing else is said. */
export const PORTS = { core: 8900, metrics: 9955, worker: 9956 } as const;

/** Value of a flag in any of the forms `--name value` and `--name=value`. */
function flagValue(
  args: readonly string[],
  name: string,
): string | undefined {
  for (const [at, word] of args.entries()) {
    if (word === name) return args[at + 1];
    if (word.startsWith(`${name}=`)) return word.slice(name.length + 1);
  }
}

/** Every value of a flag that may be repeated, else those of its variable. */
function flagValues(
  args: readonly string[],
  name: string,
  variable: string | undefined,
): readonly string[] {
  const given = args.flatMap((word, at) =>
    word === name
      ? args[at + 1] ?? []
      : word.startsWith(`${name}=`)
      ? word.slice(name.length + 1)
      : []
  );
  return given.length > 0
    ? given
    : (variable ?? "").split(/\s+/).filter((word) => word !== "");
}

/** `host:port` of a URL; its scheme's own port when it names none. */
function authority(address: string): string[] {
  if (!URL.canParse(address)) return [];
  const { hostname, port, protocol } = new URL(address);
  const secure = protocol === "https:" || protocol === "wss:";
  return [`${hostname}:${port || (secure ? 443 : 80)}`];
}

/**
 * `host:port` to listen on; nothing when Deno would refuse to start with it, so
 * that the role itself says what is wrong.
 */
function listened(host: string, port: string): string[] {
  if (!/^\d+$/.test(port) || Number(port) > 65_535) return [];
  if (!/^[\w.:[\]-]+$/.test(host)) return [];
  const bare = host.replace(/^\[(.*)\]$/, "$1");
  return [`${bare.includes(":") ? `[${bare}]` : bare}:${port}`];
}

/** Folder of Deno's cache, as Deno itself finds it. */
function cacheDirectory(env: (name: string) => string | undefined): string {
  return env("DENO_DIR") ??
    `${env("XDG_CACHE_HOME") ?? `${env("HOME") ?? ""}/.cache`}/deno`;
}

/** Whether this is the bundled distribution: one folder of `.js` files. */
export const IS_BUNDLED: boolean = import.meta.url.endsWith(".js");

/** Folder of this program: of the bundle's files, or of the source. */
function appDirectory(): string {
  const here = import.meta.dirname ?? Deno.cwd();
  return IS_BUNDLED ? here : resolve(here, "..");
}

/** The file of a program, as the shell of a system finds it. */
function findProgram(name: string, path: string): string | undefined {
  const folders = name.includes("/") ? [""] : path.split(":");
  for (const folder of folders) {
    const file = resolve(folder, name);
    try {
      const { isFile, mode } = Deno.statSync(file);
      if (isFile && ((mode ?? 0o111) & 0o111) !== 0) return file;
    } catch {
      // It is not in this folder.
    }
  }
}

/** What a person's shell may start, and where it may write. */
function personalPlaces(
  env: (name: string) => string | undefined,
  downloads: string,
): Pick<Places, "programs" | "written"> {
  const names = [pagerCommand(env)[0], editorCommand(env)[0]];
  return {
    programs: names
      .map((name = "") => findProgram(name, env("PATH") ?? ""))
      .filter((file) => file !== undefined),
    written: [resolve(stateDirectory(env)), resolve(downloads)],
  };
}

/** Whether `skymap plugin` runs code of a plugin: for `policy NAME`. */
function runsPlugin([verb, ...words]: readonly string[]): boolean {
  if (verb !== "policy" || words.includes("show") || words.includes("set")) {
    return false;
  }
  return words.some((word) => /^[a-z][a-z0-9_]*(@\S+)?$/.test(word));
}

/** Where things are for a role that is started with these words. */
export function findPlaces(
  role: RoleName,
  args: readonly string[],
  env: (name: string) => string | undefined = (name) => Deno.env.get(name),
): Places {
  const setting = (name: string) =>
    flagValue(args, `--${name}`) ??
      env(`SKYMAP_${role}_${name}`.replaceAll("-", "_").toUpperCase());
  const coreUri = setting("core-uri") ??
    `http://127.0.0.1:${PORTS.core}`;
  const host = setting(role === "core" ? "host" : "web-host") ?? "127.0.0.1";
  const port = setting(role === "core" ? "port" : "web-port") ??
    String(PORTS[role as keyof typeof PORTS] ?? 0);
  const listens = role === "core" || role === "worker" || role === "metrics";
  const net = [
    ...(listens ? listened(host, port) : []),
    ...(role === "core"
      ? authority(setting("database") ?? "")
      : authority(coreUri)),
    ...(role === "start"
      ? Object.entries(PORTS).flatMap(([name, each]) =>
        listened("127.0.0.1", setting(`${name}-port`) ?? String(each))
      )
      : []),
  ];
  const files = [
    ...["psk-file", "ca-cert", "cert", "cert-key"].map(setting)
      .filter((path) => path !== undefined),
    ...(role === "core"
      ? flagValues(args, "--override-path", env("SKYMAP_CORE_OVERRIDE_PATH"))
      : []),
  ];
  return {
    app: appDirectory(),
    data: resolve(dataDirectory(setting("data-dir"), env)),
    deno: Deno.execPath(),
    cache: cacheDirectory(env),
    net,
    files: files.map((path) => resolve(path)),
    ...(args[0] !== undefined && { verb: args[0] }),
    runsPlugin: runsPlugin(args),
    ...(role === "shell" &&
      personalPlaces(env, setting("download-dir") ?? ".")),
  };
}
