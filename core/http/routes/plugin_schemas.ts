/**
 * Shapes of the registry of plugins.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import type {
  ActivePlugins,
  PluginAccessJson,
  PluginAdded,
  PluginAddition,
  PluginApproval,
  PluginAuditJson,
  PluginJson,
  PluginKeyJson,
  PluginMarks,
  PluginPolicyJson,
  PluginPolicyResult,
  PluginSummaryJson,
  PluginTags,
  PluginVersionJson,
  RefusedPlugins,
  RegistryIndexJson,
} from "@skymap/lib/client";
import type { Json } from "@skymap/lib/json";
import { GRAPH_RIGHTS, type PluginManifest } from "@skymap/lib/plugin";
import { MAX_IDS, type PublishedPlugin } from "@skymap/lib/plugin_host";

const text = z.string();
const time = z.string().openapi({ format: "date-time" });
const texts = z.array(text);
const positive = z.int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Makes the compiler prove that a schema is of the client's type. */
function shape<T>(name: string, schema: z.ZodType): z.ZodType<T> {
  return schema.openapi(name) as z.ZodType<T>;
}

const nodeIds = z.array(text.min(1)).max(MAX_IDS);
const rights = z.array(z.enum(GRAPH_RIGHTS));

const request = z.strictObject({
  net: z.array(z.union([text, z.object({ config: text })])).optional(),
  env: texts.optional(),
  read: texts.optional(),
  sys: texts.optional(),
  graph: rights.optional(),
});
const permissions = z.record(text, request);
const limits = z.strictObject({
  heap_mb: positive,
  memory_mb: positive,
  timeout_s: positive,
});
const source = z.enum(["installation", "published"]);
const signature = z.strictObject({ key: text, value: text });

/** What a plugin says of itself; the registry names every fault in it. */
export const MANIFEST: z.ZodType<PluginManifest> = shape(
  "PluginManifest",
  z.looseObject({ name: text, version: text, permissions }),
);

/** One version of a plugin. */
const PLUGIN_VERSION: z.ZodType<PluginVersionJson> = shape(
  "PluginVersion",
  z.object({
    name: text,
    version: text,
    source,
    sha256: text.optional(),
    size: z.int().optional(),
    url: text.optional(),
    has_lock: z.boolean(),
    signed_by: text.optional(),
    manifest: MANIFEST,
    permissions_hash: text,
    added_at: time,
    added_by: text,
    grant: z.object({
      permissions,
      limits,
      approved_by: text,
      approved_at: time,
    }).optional(),
  }),
);

/** A plugin in a few words. */
export const PLUGIN_SUMMARY: z.ZodType<PluginSummaryJson> = shape(
  "PluginSummary",
  z.object({
    name: text,
    description: text,
    cloud: text,
    enabled: z.boolean(),
    active: text.optional(),
    source: source.optional(),
    reason: text.optional(),
    versions: z.array(z.object({
      version: text,
      state: z.enum(["waiting", "approved"]),
    })),
  }),
);

/** All that is known of a plugin. */
export const PLUGIN: z.ZodType<PluginJson> = shape(
  "Plugin",
  z.object({
    name: text,
    enabled: z.boolean(),
    active: text.optional(),
    reason: text.optional(),
    history: texts,
    versions: z.array(PLUGIN_VERSION),
  }),
);

/** A plugin to be added. */
export const PLUGIN_ADDITION: z.ZodType<PluginAddition> = shape(
  "PluginAddition",
  z.strictObject({
    manifest: MANIFEST,
    module: text,
    sha256,
    url: text.optional(),
    lock: text.optional(),
    signature: signature.optional(),
  }),
);

/** What an addition came to. */
export const PLUGIN_ADDED: z.ZodType<PluginAdded> = shape(
  "PluginAdded",
  z.object({
    version: PLUGIN_VERSION,
    created: z.boolean(),
    difference: z.looseObject({ from: text, to: text }).optional(),
  }),
);

/** What the operator has seen, and approves. */
export const PLUGIN_APPROVAL: z.ZodType<PluginApproval> = shape(
  "PluginApproval",
  z.strictObject({
    sha256: sha256.optional(),
    permissions_hash: text,
    limits: limits.partial().optional(),
  }),
);

/** Which version is meant. */
export const PLUGIN_CHOICE: z.ZodType<{ readonly version?: string }> = shape(
  "PluginChoice",
  z.strictObject({ version: text.optional() }),
);

/** What a command is given. */
export const PLUGIN_CALL: z.ZodType<
  { readonly args?: readonly string[]; readonly input?: readonly Json[] }
> = shape(
  "PluginCall",
  z.strictObject({
    args: texts.optional(),
    input: z.array(z.unknown()).optional(),
  }),
);

/** Caps on what any plugin may get. */
export const PLUGIN_POLICY: z.ZodType<PluginPolicyJson> = shape(
  "PluginPolicy",
  z.strictObject({
    net: texts.optional(),
    env: texts.optional(),
    read: texts.optional(),
    sys: texts.optional(),
    graph: rights.optional(),
    max_heap_mb: positive.optional(),
    max_memory_mb: positive.optional(),
    max_timeout_s: positive.optional(),
    require_signature: z.boolean().optional(),
  }),
);

/** How a plugin marks nodes. */
export const PLUGIN_MARKS: z.ZodType<PluginMarks> = shape(
  "PluginMarks",
  z.discriminatedUnion("mark", [
    z.strictObject({
      mark: z.literal("clean"),
      ids: nodeIds,
      reason: text.min(1).max(1_000),
    }),
    z.strictObject({ mark: z.enum(["keep", "protect"]), ids: nodeIds }),
  ]),
);

/** Tags that a plugin sets. */
export const PLUGIN_TAGS: z.ZodType<PluginTags> = shape(
  "PluginTags",
  z.strictObject({
    ids: nodeIds,
    update: z.record(text.min(1), text),
    wait: z.boolean(),
  }),
);

/** What a new policy came to. */
export const PLUGIN_POLICY_RESULT: z.ZodType<PluginPolicyResult> = shape(
  "PluginPolicyResult",
  z.object({
    policy: PLUGIN_POLICY,
    disabled: z.array(z.object({ name: text, reason: text })),
  }),
);

/** A key whose signatures are trusted. */
export const PLUGIN_KEY: z.ZodType<PluginKeyJson> = shape(
  "PluginKey",
  z.object({
    id: text,
    public_key: text,
    comment: text,
    added_at: time,
    added_by: text,
  }),
);

/** A key to be trusted. */
export const NEW_PLUGIN_KEY: z.ZodType<
  { readonly public_key: string; readonly comment: string }
> = shape(
  "NewPluginKey",
  z.strictObject({ public_key: text, comment: text.max(200) }),
);

/** What workers run. */
export const ACTIVE_PLUGINS: z.ZodType<ActivePlugins> = shape(
  "ActivePlugins",
  z.object({
    revision: text,
    plugins: z.array(z.object({
      name: text,
      version: text,
      source,
      sha256: text.optional(),
      manifest: MANIFEST,
      permissions,
      limits,
    })),
    inactive: z.array(z.object({ name: text, reason: text })),
    net_cap: texts.optional(),
  }),
);

/** What came with a worker's Skymap. */
export const INSTALLED_PLUGINS: z.ZodType<readonly PluginManifest[]> = z.array(
  MANIFEST,
).max(200);

/** What core did not take of it. */
export const REFUSED_PLUGINS: z.ZodType<RefusedPlugins> = shape(
  "RefusedPlugins",
  z.object({ refused: z.array(z.object({ name: text, reason: text })) }),
);

/** What plugins reached for. */
export const PLUGIN_ACCESSES: z.ZodType<readonly PluginAccessJson[]> = z.array(
  z.strictObject({
    plugin: text.max(64),
    version: text.max(100),
    phase: text.max(64).optional(),
    account: text.max(500).optional(),
    permission: text.max(64),
    value: text.max(2_000),
    allowed: z.boolean(),
    count: positive,
    first_at: z.iso.datetime(),
    last_at: z.iso.datetime(),
  }),
).max(1_000) as unknown as z.ZodType<readonly PluginAccessJson[]>;

/** What happened to a plugin, or what it did. */
export const PLUGIN_AUDIT: z.ZodType<PluginAuditJson> = shape(
  "PluginAudit",
  z.object({
    at: time,
    plugin: text,
    version: text.optional(),
    event: text,
    by: text,
    message: text.optional(),
    phase: text.optional(),
    account: text.optional(),
    permission: text.optional(),
    value: text.optional(),
    allowed: z.boolean().optional(),
    count: z.int().optional(),
    first_at: time.optional(),
  }),
);

/** The index of a registry. */
export const REGISTRY_INDEX: z.ZodType<RegistryIndexJson> = shape(
  "RegistryIndex",
  z.object({
    plugins: z.array(z.object({
      name: text,
      description: text,
      versions: z.array(z.object({
        version: text,
        sha256: text,
        size: z.int(),
        manifest: text,
        module: text,
        lock: text.optional(),
      })),
    })),
  }),
);

/** The file that tells what a module is. */
export const PUBLISHED_PLUGIN: z.ZodType<PublishedPlugin> = shape(
  "PublishedPlugin",
  z.object({
    format: z.literal(1),
    manifest: MANIFEST,
    module: text,
    sha256: text,
    size: z.int(),
    lock: text.optional(),
    signature: signature.optional(),
  }),
);
