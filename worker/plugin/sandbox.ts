import {
  type GrantedPermissions,
  NO_PERMISSIONS,
  permissionFlags,
  type PluginRequest,
} from "@skymap/lib/plugin_host";
import { fetchModules } from "./fetch_modules.ts";
import { PluginProcess, type ProcessLimits } from "./process.ts";
import type { Installation, PluginSource } from "./source.ts";

/** What the processes of a plugin are started with. */
export interface SandboxOptions {
  /** The plugin's module. */
  readonly source: PluginSource;
  /** Where the files of this Skymap are. */
  readonly installation: Installation;
  /** The Deno that runs plugins. */
  readonly deno: string;
  /** Reads the worker's environment; undefined for what it may not see. */
  readonly env: (name: string) => string | undefined;
}

/** What one process is started with. */
export interface StartOptions {
  /** What it may reach. */
  readonly granted: GrantedPermissions;
  /** What it may use. */
  readonly limits: ProcessLimits;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/** What Deno itself needs, and a plugin cannot read without a grant. */
const DENO_ENV = [
  "HOME",
  "XDG_CACHE_HOME",
  "DENO_DIR",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

/**
 * Starts processes of one plugin: with the flags of what was granted and no
 * other, an environment of their own, and modules from the cache alone.
 */
export class Sandbox {
  readonly #options: SandboxOptions;
  #fetched: Promise<void> | undefined;

  /** Makes a sandbox; nothing is started yet. */
  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  /** The import map of a process, as an address that needs no file. */
  get #importMap(): string {
    const { installation, source } = this.#options;
    const imports = { ...installation.imports, "skymap:plugin": source.url };
    return `data:application/json,${
      encodeURIComponent(JSON.stringify({ imports }))
    }`;
  }

  #args(granted: GrantedPermissions, limits: ProcessLimits): string[] {
    const { installation, source } = this.#options;
    const lock = source.bundled ? installation.lock : undefined;
    return [
      "run",
      "--no-prompt",
      "--no-config",
      "--quiet",
      "--cached-only",
      ...(lock === undefined ? ["--no-lock"] : [`--lock=${lock}`, "--frozen"]),
      `--import-map=${this.#importMap}`,
      `--v8-flags=--max-old-space-size=${limits.maxHeapMb}`,
      ...permissionFlags(granted),
      installation.runner,
      String(limits.maxMemoryMb * 1_000_000),
    ];
  }

  #environment(granted: GrantedPermissions): Record<string, string> {
    const names = granted.env.filter((name) => !name.endsWith("*"));
    const env: Record<string, string> = { NO_COLOR: "1" };
    for (const name of [...DENO_ENV, ...names]) {
      const value = this.#options.env(name);
      if (value !== undefined) env[name] = value;
    }
    return env;
  }

  /** Fetches the plugin's modules, once; a failed try is made again. */
  #fetch(signal: AbortSignal): Promise<void> {
    const { source, deno } = this.#options;
    if (source.bundled) return Promise.resolve();
    this.#fetched ??= fetchModules({
      source,
      deno,
      importMap: this.#importMap,
      env: this.#environment(NO_PERMISSIONS),
      signal,
    }).catch((error) => {
      this.#fetched = undefined;
      throw error;
    });
    return this.#fetched;
  }

  /** Starts a process and sends it its request. */
  async start(
    request: PluginRequest,
    { granted, limits, signal }: StartOptions,
  ): Promise<PluginProcess> {
    await this.#fetch(signal);
    const child = new PluginProcess({
      plugin: this.#options.source.spec,
      deno: this.#options.deno,
      args: this.#args(granted, limits),
      env: this.#environment(granted),
      limits,
      signal,
    });
    // Not awaited: a process that never reads must not hold the host up.
    child.send(request);
    return child;
  }
}
