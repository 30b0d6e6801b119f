import {
  type GrantedPermissions,
  permissionFlags,
  type PluginRequest,
  type RecordedAnswer,
  type SetupMessage,
  sha256Of,
} from "@skymap/lib/plugin_host";
import { SkymapError } from "@skymap/lib/errors";
import { type AccessReport, AUDIT_ENV } from "./audit.ts";
import {
  type KillReason,
  PluginProcess,
  type ProcessLimits,
} from "./process.ts";
import { denyInside } from "./deny_inside.ts";
import type { Installation, ModuleSource, PluginSource } from "./source.ts";

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
  /** Whether the answers to the plugin's calls are recorded. Default: no. */
  readonly record?: boolean;
  /** Answers that its calls get in place of the network's. */
  readonly replay?: readonly RecordedAnswer[];
}

/** What one process is started with. */
export interface StartOptions {
  /** What it may reach. */
  readonly granted: GrantedPermissions;
  /** What it may use. */
  readonly limits: ProcessLimits;
  /** Told what it reached for, once it has ended. */
  readonly onAccess?: (report: AccessReport) => void;
  /** Told the last part of what a process printed, once it has ended. */
  readonly onPrint?: (text: string) => void;
  /** Told why it was killed, unless `signal` did it. */
  readonly onKill?: (reason: KillReason) => void;
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

  /** Makes a sandbox; nothing is started yet. */
  constructor(options: SandboxOptions) {
    this.#options = options;
  }

  /** The import map of a process, as an address that needs no file. */
  get #importMap(): string {
    const { installation, source } = this.#options;
    const imports = {
      ...installation.imports,
      ...("url" in source &&
        { "skymap:plugin": source.url, ...source.imports }),
    };
    return `data:application/json,${
      encodeURIComponent(JSON.stringify({ imports }))
    }`;
  }

  /** Which modules there are: those of a lock, of the cache, or none at all. */
  #moduleFlags(): string[] {
    const { installation, source } = this.#options;
    if (!("url" in source)) {
      return ["--no-lock", "--no-npm", "--no-remote", "--deny-import"];
    }
    if (installation.lock === undefined) {
      return ["--no-lock"];
    }
    return [`--lock=${installation.lock}`, "--frozen"];
  }

  #args(granted: GrantedPermissions, limits: ProcessLimits): string[] {
    return [
      "run",
      "--no-prompt",
      "--no-config",
      "--quiet",
      "--cached-only",
      ...this.#moduleFlags(),
      `--import-map=${this.#importMap}`,
      `--v8-flags=--max-old-space-size=${limits.maxHeapMb}`,
      ...permissionFlags(granted),
      ...denyInside(granted, this.#proxies),
      this.#options.installation.runner,
      String(limits.maxMemoryMb * 1_000_000),
    ];
  }

  /** Proxies that a process goes through. */
  get #proxies(): string[] {
    return DENO_ENV.filter((name) => /^https?_proxy$/i.test(name))
      .map((name) => this.#options.env(name) ?? "");
  }

  #environment(granted: GrantedPermissions): Record<string, string> {
    const names = granted.env.filter((name) => !name.endsWith("*"));
    const env: Record<string, string> = {
      NO_COLOR: "1",
      [AUDIT_ENV]: "/dev/stderr",
    };
    for (const name of [...DENO_ENV, ...names]) {
      if (name === AUDIT_ENV) continue;
      const value = this.#options.env(name);
      if (value !== undefined) env[name] = value;
    }
    return env;
  }

  /** What a process must know before its request, or nothing. */
  #setup(): SetupMessage | undefined {
    const { source, record, replay } = this.#options;
    if ("url" in source && record === undefined && replay === undefined) return;
    return {
      type: "setup",
      ...(!("url" in source) && { module: source.text }),
      ...(record !== undefined && { record }),
      ...(replay !== undefined && { replay }),
    };
  }

  /**
   * Starts a process and sends it its request.
   *
   * @throws {SkymapError} `plugin_invalid`, if a module is not what its hash
   * says.
   */
  async start(
    request: PluginRequest,
    { granted, limits, onAccess, onPrint, onKill, signal }: StartOptions,
  ): Promise<PluginProcess> {
    const { source, deno } = this.#options;
    if (!("url" in source)) await checkHash(source);
    const child = new PluginProcess({
      plugin: source.spec,
      deno,
      args: this.#args(granted, limits),
      env: this.#environment(granted),
      granted,
      limits,
      ...(onAccess !== undefined && { onAccess }),
      ...(onPrint !== undefined && { onPrint }),
      ...(onKill !== undefined && { onKill }),
      signal,
    });
    // Not awaited: a process that never reads must not hold the host up.
    const setup = this.#setup();
    if (setup !== undefined) child.send(setup);
    child.send(request);
    return child;
  }
}

/** Refuses a module that is not the one that was approved. */
async function checkHash({ spec, text, sha256 }: ModuleSource): Promise<void> {
  const actual = await sha256Of(text);
  if (actual === sha256) return;
  throw new SkymapError(
    "plugin_invalid",
    `Cannot run plugin "${spec}": its module has sha256 ${actual}, wanted ${sha256}`,
    { details: { sha256: actual, wanted: sha256 } },
  );
}
