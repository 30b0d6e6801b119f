/**
 * Shapes of the registry of plugins as they go over HTTP.
 *
 * @module
 */

import type {
  GraphRight,
  PermissionRequest,
  PluginManifest,
} from "../plugin/contract.ts";
import type { PluginSignature } from "../plugin/signature.ts";

/** What a plugin may reach, by what it does: `accounts`, `collect`, `tasks`. */
export type PluginPermissions = Readonly<Record<string, PermissionRequest>>;

/** What a process of a plugin may use. */
export interface PluginLimits {
  /** JavaScript heap, in MB. */
  readonly heap_mb: number;
  /** Memory in all, in MB. */
  readonly memory_mb: number;
  /** Seconds that one account, or one call, may take. */
  readonly timeout_s: number;
}

/** What the operator approved. */
export interface PluginGrantJson {
  /** What it may reach: exactly what its manifest asks for. */
  readonly permissions: PluginPermissions;
  /** What it may use. */
  readonly limits: PluginLimits;
  /** Who approved it. */
  readonly approved_by: string;
  /** When. */
  readonly approved_at: string;
}

/** Where a version comes from. */
export type PluginSource = "installation" | "published";

/** One version of a plugin. */
export interface PluginVersionJson {
  readonly name: string;
  readonly version: string;
  /** `installation`: it came with Skymap. */
  readonly source: PluginSource;
  /** SHA-256 of its module; none when it came with Skymap. */
  readonly sha256?: string;
  /** Size of its module in bytes. */
  readonly size?: number;
  /** Where it was fetched from. */
  readonly url?: string;
  /** Whether the lock that it was packed with is kept. */
  readonly has_lock: boolean;
  /** Id of the trusted key that signed it. */
  readonly signed_by?: string;
  readonly manifest: PluginManifest;
  /** Hash of what it asks for: an approval names it. */
  readonly permissions_hash: string;
  readonly added_at: string;
  readonly added_by: string;
  /** What was approved; none while it waits. */
  readonly grant?: PluginGrantJson;
}

/** A plugin in a few words. */
export interface PluginSummaryJson {
  readonly name: string;
  readonly description: string;
  readonly cloud: string;
  readonly enabled: boolean;
  /** The version that runs, or would when it is enabled. */
  readonly active?: string;
  /** Where that version comes from. */
  readonly source?: PluginSource;
  /** Why it does not run, when nobody asked for that. */
  readonly reason?: string;
  /** Versions, the newest first. */
  readonly versions: readonly {
    readonly version: string;
    readonly state: "waiting" | "approved";
  }[];
}

/** All that is known of a plugin. */
export interface PluginJson {
  readonly name: string;
  readonly enabled: boolean;
  readonly active?: string;
  readonly reason?: string;
  /** Versions that were active before, the last one last. */
  readonly history: readonly string[];
  /** Versions, the newest first. */
  readonly versions: readonly PluginVersionJson[];
}

/** A plugin to be added. */
export interface PluginAddition {
  readonly manifest: PluginManifest;
  /** Text of its module, which imports nothing but `@skymap/lib/plugin`. */
  readonly module: string;
  /** What the SHA-256 of the module should be. */
  readonly sha256: string;
  /** Where it was fetched from. */
  readonly url?: string;
  /** The lock that it was packed with. */
  readonly lock?: string;
  readonly signature?: PluginSignature;
}

/** How two versions differ. */
export interface PluginDifferenceJson {
  readonly from: string;
  readonly to: string;
  /** Hashes of the modules, when they differ. */
  readonly sha256?: { readonly from: string; readonly to: string };
  /** Where they come from, when that differs. */
  readonly source?: { readonly from: PluginSource; readonly to: PluginSource };
  /** Keys that signed them, when they differ; `none` for no key. */
  readonly signed_by?: { readonly from: string; readonly to: string };
  readonly permissions_added: readonly string[];
  readonly permissions_removed: readonly string[];
  readonly kinds_added: readonly string[];
  readonly kinds_removed: readonly string[];
  readonly kinds_changed: readonly string[];
  /** Limits that differ, such as `heap_mb 512 → 1024`. */
  readonly limits: readonly string[];
}

/** What an addition came to. */
export interface PluginAdded {
  readonly version: PluginVersionJson;
  /** Whether it was not there before. */
  readonly created: boolean;
  /** Against the active version, if there is another one. */
  readonly difference?: PluginDifferenceJson;
}

/** What the operator has seen, and approves. */
export interface PluginApproval {
  /** SHA-256 of the module; none when it came with Skymap. */
  readonly sha256?: string;
  /** Hash of what it asks for. */
  readonly permissions_hash: string;
  /** Limits other than those it would get. */
  readonly limits?: Partial<PluginLimits>;
}

/** Caps on what any plugin may get; what is not named has none. */
export interface PluginPolicyJson {
  /** Hosts, as in a permission request. */
  readonly net?: readonly string[];
  /** Names of environment variables. */
  readonly env?: readonly string[];
  /** Paths. */
  readonly read?: readonly string[];
  /** System facts. */
  readonly sys?: readonly string[];
  /** Rights to the graph. */
  readonly graph?: readonly GraphRight[];
  readonly max_heap_mb?: number;
  readonly max_memory_mb?: number;
  readonly max_timeout_s?: number;
  /** Whether a trusted key must have signed what did not come with Skymap. */
  readonly require_signature?: boolean;
}

/** How a plugin marks nodes. */
export type PluginMarks =
  | {
    readonly mark: "clean";
    readonly ids: readonly string[];
    /** Why, for those who look at the mark. */
    readonly reason: string;
  }
  | {
    readonly mark: "keep" | "protect";
    readonly ids: readonly string[];
    readonly reason?: undefined;
  };

/** Tags that a plugin sets. */
export interface PluginTags {
  /** Nodes. */
  readonly ids: readonly string[];
  /** Tags of each of them. */
  readonly update: Readonly<Record<string, string>>;
  /** Whether the answer waits until they are set. */
  readonly wait: boolean;
}

/** What a new policy came to. */
export interface PluginPolicyResult {
  readonly policy: PluginPolicyJson;
  /** Plugins that it stopped, and why. */
  readonly disabled: readonly {
    readonly name: string;
    readonly reason: string;
  }[];
}

/** A key whose signatures are trusted. */
export interface PluginKeyJson {
  /** Hash of the public key. */
  readonly id: string;
  /** 32 bytes of Ed25519 in base64. */
  readonly public_key: string;
  /** Whose it is. */
  readonly comment: string;
  readonly added_at: string;
  readonly added_by: string;
}

/** A plugin that workers run. */
export interface ActivePluginJson {
  readonly name: string;
  readonly version: string;
  readonly source: PluginSource;
  readonly sha256?: string;
  readonly manifest: PluginManifest;
  readonly permissions: PluginPermissions;
  readonly limits: PluginLimits;
}

/** What core did not take of what a worker has. */
export interface RefusedPlugins {
  /** Plugins, and why. */
  readonly refused: readonly {
    readonly name: string;
    readonly reason: string;
  }[];
}

/** What workers run, and how far hosts of their configuration may be let in. */
export interface ActivePlugins {
  /** Another one whenever anything of it may have changed. */
  readonly revision: string;
  readonly plugins: readonly ActivePluginJson[];
  /** Plugins that do not run, and why. */
  readonly inactive: readonly {
    readonly name: string;
    readonly reason: string;
  }[];
  /** The policy's cap on hosts, or none. */
  readonly net_cap?: readonly string[];
}

/** What a plugin reached for, counted by a worker. */
export interface PluginAccessJson {
  readonly plugin: string;
  readonly version: string;
  /** What it was doing, such as `collect`. */
  readonly phase?: string;
  readonly account?: string;
  /** Such as `net`; `violation` for what is no permission of Deno's. */
  readonly permission: string;
  /** Such as `api.example.com:443`. */
  readonly value: string;
  readonly allowed: boolean;
  readonly count: number;
  readonly first_at: string;
  readonly last_at: string;
}

/** What happened to a plugin, or what it did. */
export interface PluginAuditJson {
  readonly at: string;
  readonly plugin: string;
  readonly version?: string;
  readonly event:
    | "access"
    | "added"
    | "approved"
    | "changed"
    | "enabled"
    | "disabled"
    | "refused"
    | "rolled_back"
    | "removed";
  /** Who: an operator, a worker or `policy`. */
  readonly by: string;
  /** In words. */
  readonly message?: string;
  readonly phase?: string;
  readonly account?: string;
  readonly permission?: string;
  readonly value?: string;
  readonly allowed?: boolean;
  readonly count?: number;
  readonly first_at?: string;
}

/** A version in the index of a registry. */
export interface RegistryVersionJson {
  readonly version: string;
  readonly sha256: string;
  readonly size: number;
  /** Addresses relative to the index. */
  readonly manifest: string;
  readonly module: string;
  readonly lock?: string;
}

/** The index of a registry. */
export interface RegistryIndexJson {
  readonly plugins: readonly {
    readonly name: string;
    readonly description: string;
    /** The newest first. */
    readonly versions: readonly RegistryVersionJson[];
  }[];
}
