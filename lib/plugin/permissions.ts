import { SkymapError } from "../errors.ts";
import { isObject, type Json } from "../json.ts";
import {
  GRAPH_RIGHTS,
  type GraphRight,
  type PermissionRequest,
} from "./contract.ts";

/** What a plugin process may reach, with every placeholder filled in. */
export interface GrantedPermissions {
  /** Hosts, with a port or all ports. */
  readonly net: readonly string[];
  /** Environment variable names and prefixes. */
  readonly env: readonly string[];
  /** Absolute paths. */
  readonly read: readonly string[];
  /** System facts. */
  readonly sys: readonly string[];
  /** What its worker does to the graph for it. */
  readonly graph: readonly GraphRight[];
}

/** Reaches nothing: how a plugin is described. */
export const NO_PERMISSIONS: GrantedPermissions = Object.freeze({
  net: [],
  env: [],
  read: [],
  sys: [],
  graph: [],
});

const LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
const PORT = "(:([1-9][0-9]{0,4}))?";
const HOST = new RegExp(`^${LABEL}(\\.${LABEL})*${PORT}$`);
// A wildcard below one label, such as *.com, would be everybody's.
const WILDCARD = new RegExp(`^\\*\\.${LABEL}(\\.${LABEL})+${PORT}$`);
const IPV6 = new RegExp(`^\\[[0-9A-Fa-f:.]+\\]${PORT}$`);
const ENV = /^[A-Za-z_][A-Za-z0-9_]*\*?$/;
const CONFIG_PATH = /^[A-Za-z_][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*$/;
const SYSTEM_FACTS: ReadonlySet<string> = new Set([
  "hostname",
  "osRelease",
  "osUptime",
  "loadavg",
  "networkInterfaces",
  "systemMemoryInfo",
  "uid",
  "gid",
  "username",
  "cpus",
  "homedir",
  "getegid",
  "userInfo",
]);

function netFault(pattern: string): string | undefined {
  const port = Number(/:(\d+)$/.exec(pattern)?.[1] ?? 1);
  const fits = HOST.test(pattern) || WILDCARD.test(pattern) ||
    IPV6.test(pattern);
  if (fits && port <= 65_535) return;
  return `net "${pattern}" is no host, host:port or *.domain.tld`;
}

function envFault(name: string): string | undefined {
  if (!ENV.test(name)) return `env "${name}" is no name or PREFIX_*`;
  const prefix = name.replace(/\*$/, "").toUpperCase();
  const reserved = name.endsWith("*")
    ? "SKYMAP_".startsWith(prefix) || prefix.startsWith("SKYMAP_")
    : prefix.startsWith("SKYMAP_");
  if (reserved) return `env "${name}" covers the settings of Skymap`;
}

const SYSTEM_FOLDERS = /^\/(proc|sys|dev)(\/|$)|\/\//;

function readFault(path: string): string | undefined {
  const parts = path.split("/").slice(1).filter((part) => part !== "");
  const fits = (path.startsWith("/") || path.startsWith("~/")) &&
    parts.length > 0 && !parts.some((part) => part === ".." || part === ".") &&
    // A comma would end one path and begin another in Deno's flag.
    // deno-lint-ignore no-control-regex -- control characters are what is refused
    !/[,\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/.test(path) &&
    !SYSTEM_FOLDERS.test(path);
  if (!fits) return `read "${path}" is no absolute path or ~/path to one thing`;
}

function sysFault(name: string): string | undefined {
  if (!SYSTEM_FACTS.has(name)) return `sys "${name}" is no fact to be granted`;
}

function graphFault(right: string): string | undefined {
  if ((GRAPH_RIGHTS as readonly string[]).includes(right)) return;
  return `graph "${right}" is no right, expected one of ${
    GRAPH_RIGHTS.join(", ")
  }`;
}

const CHECKS: Readonly<
  Record<string, (value: string) => string | undefined>
> = {
  net: netFault,
  env: envFault,
  read: readFault,
  sys: sysFault,
  graph: graphFault,
};

/** Every fault of what should be a {@linkcode PermissionRequest}. */
export function permissionFaults(request: unknown): string[] {
  if (!isObject(request)) return ["the request is no object"];
  const faults: string[] = [];
  for (const [name, values] of Object.entries(request)) {
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
    if (check === undefined) {
      faults.push(
        `"${name}" is never granted, only net, env, read, sys and graph`,
      );
      continue;
    }
    if (values === undefined) continue;
    if (!Array.isArray(values)) {
      faults.push(`${name} is no list`);
      continue;
    }
    for (const value of values as readonly unknown[]) {
      if (
        name === "net" && isObject(value) && typeof value["config"] === "string"
      ) {
        if (CONFIG_PATH.test(value["config"])) continue;
        faults.push(
          `net { config: ${
            JSON.stringify(value["config"])
          } } names no property`,
        );
        continue;
      }
      const fault = typeof value === "string"
        ? check(value)
        : `${name} holds ${JSON.stringify(value)}, expected a text`;
      if (fault !== undefined) faults.push(fault);
    }
  }
  return faults;
}

/** The value at a dotted path of a configuration. */
function configValue(config: Json, path: string): Json | undefined {
  let value: unknown = config;
  for (const part of path.split(".")) {
    if (!isObject(value) || !Object.hasOwn(value, part)) return;
    value = value[part];
  }
  return value as Json;
}

/** `host:port` of the URL, or of each URL, that the operator configured. */
function configuredHosts(config: Json, path: string): string[] {
  const value = configValue(config, path);
  if (value === undefined || value === null || value === "") return [];
  const urls: readonly Json[] = Array.isArray(value) ? value : [value];
  return urls.map((text) => {
    const url = typeof text === "string" && URL.canParse(text)
      ? new URL(text)
      : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      throw new SkymapError(
        "config_invalid",
        `Cannot read "${path}": ${JSON.stringify(text)} is no http(s) URL`,
      );
    }
    return `${url.hostname}:${
      url.port || (url.protocol === "https:" ? "443" : "80")
    }`;
  });
}

/** What {@linkcode resolvePermissions} fills in. */
export interface PermissionPlaces {
  /** The plugin's configuration, as the operator wrote it. */
  readonly config: Json;
  /** The operator's home folder; without one `~/` paths are left out. */
  readonly home?: string | undefined;
}

/**
 * The concrete permissions of a request.
 *
 * @throws {SkymapError} `plugin_invalid`, if it asks for what is never granted;
 * `config_invalid`, if a URL it refers to is none.
 */
export function resolvePermissions(
  request: PermissionRequest,
  { config, home }: PermissionPlaces,
): GrantedPermissions {
  const faults = permissionFaults(request);
  if (faults.length > 0) {
    throw new SkymapError(
      "plugin_invalid",
      `Cannot grant permissions: ${faults.join("; ")}`,
      { details: { faults } },
    );
  }
  const net = (request.net ?? []).flatMap((each) =>
    typeof each === "string" ? [each] : configuredHosts(config, each.config)
  );
  const read = (request.read ?? []).flatMap((path) =>
    !path.startsWith("~/")
      ? [path]
      : home === undefined
      ? []
      : [`${home}${path.slice(1)}`]
  );
  const { env = [], sys = [], graph = [] } = request;
  const granted = { net, env, read, sys, graph };
  // A home folder or a configured host may hold what a request may not.
  const late = permissionFaults(granted);
  if (late.length > 0) {
    throw new SkymapError(
      "config_invalid",
      `Cannot grant permissions: ${late.join("; ")}`,
      { details: { faults: late } },
    );
  }
  return granted;
}

/** Deno's flags for a grant; nothing that is not named is allowed. */
export function permissionFlags(granted: GrantedPermissions): string[] {
  return (["net", "env", "read", "sys"] as const).flatMap((name) => {
    const values = granted[name];
    return values.length === 0 ? [] : [`--allow-${name}=${values.join(",")}`];
  });
}
