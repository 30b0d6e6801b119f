/**
 * The roles of Skymap, as data: what each is for and what its process may do.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";

/** Every role, with its line of help. */
export const ROLES = {
  start: "Runs core, one worker and metrics, and keeps them running",
  core: "Keeps the graph, searches it and runs the workflows",
  worker: "Collects clouds through plugins",
  metrics: "Exports the graph as Prometheus metrics",
  shell: "Sends a line to core and prints the answer",
  plugin: "Makes, packs, adds and approves plugins",
} as const;

/** Name of a role. */
export type RoleName = keyof typeof ROLES;

/** Whether a word names a role. */
export function isRole(word: string): word is RoleName {
  return Object.hasOwn(ROLES, word);
}

/** What `skymap --help` prints. */
export const HELP =
  `Skymap keeps an inventory of every cloud account as a graph.

Usage: skymap ROLE [OPTIONS]

Roles:
${
    Object.entries(ROLES)
      .map(([name, help]) => `  ${name.padEnd(9)} ${help}`).join("\n")
  }

Options:
  --help      Prints this, or the options of a role: skymap core --help
  --version   Prints the version

Search what was collected:
  skymap shell 'search is(instance) limit 5'

Complete these words in bash, zsh or fish:
  source <(skymap completion bash)`;

/** Where things are on this machine, for the lists below. */
export interface Places {
  /** Folder of this program. */
  readonly app: string;
  /** Data directory of core. */
  readonly data: string;
  /** The Deno that runs this. */
  readonly deno: string;
  /** Deno's cache of modules and npm packages. */
  readonly cache: string;
  /** `host:port` each role listens on or talks to. */
  readonly net: readonly string[];
  /** Further files a flag names, such as `--psk-file`. */
  readonly files: readonly string[];
  /** The command of a role that has several. */
  readonly verb?: string;
  /** Whether the command runs code of a plugin. */
  readonly runsPlugin?: boolean;
  /** Folders that the role puts files into, at a person's wish. */
  readonly written?: readonly string[];
  /** Programs that it starts for a person, such as an editor. */
  readonly programs?: readonly string[];
}

/** Commands of the role `plugin` that only ask core and tell it. */
const ASKING: ReadonlySet<string> = new Set([
  "list",
  "show",
  "audit",
  "approve",
  "enable",
  "disable",
  "rollback",
  "remove",
  "policy",
  "keys",
]);

/** Variables any role may read: its settings, and how to print. */
const SETTINGS_ENV = [
  "SKYMAP_*",
  "HOME",
  "XDG_DATA_HOME",
  "NO_COLOR",
  "FORCE_COLOR",
  "NODE_DISABLE_COLORS",
  "COLUMNS",
  "TERM",
];

/** What a person has chosen for their terminal. */
const TERMINAL_ENV = [
  "EDITOR",
  "VISUAL",
  "PAGER",
  "LESS",
  "LV",
  "XDG_STATE_HOME",
];

/** What a Deno started by ours needs to find its cache and the network. */
const DENO_ENV = [
  "DENO_DIR",
  "XDG_CACHE_HOME",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "USERPROFILE",
  "HOMEPATH",
  "HOMEDRIVE",
  "_X_AMZN_TRACE_ID",
];

/** A permission with its values, which Deno takes apart at commas. */
function list(name: string, values: readonly string[]): string[] {
  const split = values.find((value) => value.includes(","));
  if (split !== undefined) {
    throw new SkymapError(
      "usage",
      `Cannot use "${split}": Deno's permissions cannot name what holds a ` +
        "comma, wanted another path",
    );
  }
  return values.length === 0 ? [] : [`--allow-${name}=${values.join(",")}`];
}

/**
 * The permissions of each role's process, as Deno flags.
 *
 * core needs `ffi` for its two native engines, which lie in the cache. core and
 * a worker need `run` for the sandboxes of commands and plugins, and start
 * nothing but this very Deno.
 */
export function permissionsOf(role: RoleName, places: Places): string[] {
  const { app, data, deno, cache, net, files } = places;
  switch (role) {
    case "start":
      return [
        ...list("env", [
          ...SETTINGS_ENV,
          "DENO_DIR",
          "XDG_CACHE_HOME",
        ]),
        ...list("read", [app, data, deno]),
        ...list("net", net),
        ...list("run", [deno]),
      ];
    case "core":
      return [
        ...list("env", [
          ...SETTINGS_ENV,
          "DENO_DIR",
          "XDG_CACHE_HOME",
          // Certificates that the requests of command lines trust.
          "DENO_CERT",
          "DENO_TLS_CA_STORE",
          "NODE_EXTRA_CA_CERTS",
          "SSL_CERT_DIR",
          "SSL_CERT_FILE",
          // The reader of YAML asks for these two.
          "LOG_STREAM",
          "LOG_TOKENS",
          "NAPI_RS_NATIVE_LIBRARY_PATH",
          "NAPI_RS_FORCE_WASI",
          "SURREAL_*",
        ]),
        // The database's loader reads ldd to choose between glibc and musl.
        ...list("read", [data, cache, app, "/usr/bin/ldd", ...files]),
        ...list("write", [data]),
        ...list("net", net),
        "--allow-ffi",
        // Commands that run what a person wrote do so in sandboxes of their own.
        ...list("run", [deno]),
        ...list("sys", ["hostname", "osRelease", "statfs"]),
      ];
    case "worker":
      return [
        // Names of AWS credentials: a plugin gets those it was granted.
        ...list("env", [...SETTINGS_ENV, ...DENO_ENV, "AWS_*"]),
        ...list("read", [app, `${data}/psk`, ...files]),
        ...list("net", net),
        ...list("run", [deno]),
      ];
    case "metrics":
      return [
        ...list("env", SETTINGS_ENV),
        ...list("read", [`${data}/psk`, ...files]),
        ...list("net", net),
      ];
    case "shell":
      return [
        ...list("env", [...SETTINGS_ENV, ...TERMINAL_ENV]),
        // A line may name any file of the person's; no other is sent.
        "--allow-read",
        ...list("write", places.written ?? []),
        ...list("net", net),
        ...list("run", places.programs ?? []),
      ];
    case "plugin":
      if (ASKING.has(places.verb ?? "") && places.runsPlugin !== true) {
        return [
          ...list("env", SETTINGS_ENV),
          ...list("read", [`${data}/psk`, ...files]),
          ...list("net", net),
        ];
      }
      // The author's and operator's own tool: it packs modules of any address
      // into files of any place, with a Deno that may do all of that anyway.
      // Plugins themselves run in sandboxes of their own, as with a worker.
      return [
        ...list("env", [...SETTINGS_ENV, ...DENO_ENV, "AWS_*", "TMPDIR"]),
        "--allow-read",
        "--allow-write",
        "--allow-net",
        ...list("run", [deno]),
      ];
  }
}
