import { isObject, type Json, type JsonObject } from "@skymap/lib/json";
import { SkymapError } from "@skymap/lib/errors";
import {
  applyOverrides,
  readSettings,
  type SettingDeclarations,
} from "@skymap/lib/settings";
import { z } from "zod";

const FLAGS = {
  subscriberId: {
    type: "text",
    help: "Name of this worker; each worker has its own.",
    default: "skymap.worker",
  },
  coreUri: {
    type: "text",
    help: "Address of core.",
    default: "http://127.0.0.1:8900",
  },
  psk: { type: "text", help: "The pre-shared key." },
  pskFile: { type: "text", help: "File that holds the pre-shared key." },
  dataDir: { type: "text", help: "Data directory that holds the key." },
  verbose: { type: "boolean", help: "Logs more.", short: "v", default: false },
  quiet: { type: "boolean", help: "Logs errors only.", default: false },
  webHost: {
    type: "text",
    help: "Address that the health and metrics pages are served at.",
    default: "127.0.0.1",
  },
  webPort: {
    type: "integer",
    help: "Port that the health and metrics pages are served at.",
    default: 9956,
    min: 0,
    max: 65_535,
  },
  caCert: { type: "text", help: "Not yet supported." },
  cert: { type: "text", help: "Not yet supported." },
  certKey: { type: "text", help: "Not yet supported." },
  certKeyPass: { type: "text", help: "Not yet supported." },
  noVerifyCerts: {
    type: "boolean",
    help: "Not yet supported.",
    default: false,
  },
} as const satisfies SettingDeclarations;

const TLS_FLAGS = [
  ["caCert", "--ca-cert"],
  ["cert", "--cert"],
  ["certKey", "--cert-key"],
  ["certKeyPass", "--cert-key-pass"],
  ["noVerifyCerts", "--no-verify-certs"],
] as const;

/** Section `worker` of the configuration. */
const SECTION = z.strictObject({
  collector: z.union([z.string().transform((one) => [one]), z.string().array()])
    .optional(),
  graph: z.string().default("main"),
  timeout: z.number().positive().default(10_800),
  account_timeout: z.number().positive().optional(),
  pool_size: z.number().int().positive().default(5),
  plugin_heap_mb: z.number().int().min(32).optional(),
  plugin_memory_mb: z.number().int().min(64).optional(),
});

/** Everything a worker can be told. */
export interface WorkerSettings {
  /** Name of this worker. */
  readonly subscriberId: string;
  /** Address of core. */
  readonly coreUri: string;
  /** The pre-shared key. */
  readonly psk?: string | undefined;
  /** File that holds it. */
  readonly pskFile?: string | undefined;
  /** Data directory that holds it. */
  readonly dataDir?: string | undefined;
  /** Whether to log more. */
  readonly verbose: boolean;
  /** Whether to log errors only. */
  readonly quiet: boolean;
  /** Where the health and metrics pages are served. */
  readonly webHost: string;
  /** Port of these pages. */
  readonly webPort: number;
  /** Names of the plugins that this worker runs; none for all. */
  readonly collector?: readonly string[] | undefined;
  /** Graph to collect into. */
  readonly graph: string;
  /** Seconds a whole collect may take. */
  readonly timeoutSeconds: number;
  /** Accounts that are collected side by side. */
  readonly poolSize: number;
  /** The most that a plugin may use here, whatever the registry grants. */
  readonly most: {
    /** Seconds one account may take. */
    readonly timeoutSeconds: number | undefined;
    /** JavaScript heap of a plugin process. */
    readonly heapMb: number | undefined;
    /** Memory of a plugin process in all. */
    readonly memoryMb: number | undefined;
  };
  /** Configuration of each plugin, by its name. */
  readonly pluginConfig: Readonly<Record<string, JsonObject>>;
}

function refuseTls(settings: Readonly<Record<string, unknown>>): void {
  const used = TLS_FLAGS.filter(([name]) =>
    settings[name] !== undefined && settings[name] !== false
  );
  if (used.length === 0) return;
  throw new SkymapError(
    "usage",
    `Cannot use ${
      used.map(([, flag]) => flag).join(", ")
    }: TLS is not yet supported; leave it out and keep core on a trusted address`,
  );
}

/** Plugins are added to the registry, which knows what was approved. */
function refuseUnregistered(section: Json | undefined): void {
  if (!isObject(section)) return;
  if (Object.hasOwn(section, "approve")) {
    throw new SkymapError(
      "config_invalid",
      'Cannot read the configuration: "worker.approve" is no setting any ' +
        'more, approve plugins with "skymap plugin approve NAME"',
    );
  }
  const { collector } = section;
  const names = Array.isArray(collector) ? collector : [collector];
  const place = names.find((each) =>
    typeof each === "string" && !/^[a-z][a-z0-9_]*$/.test(each)
  );
  if (place === undefined) return;
  throw new SkymapError(
    "config_invalid",
    `Cannot read the configuration: worker.collector names "${place}", ` +
      `wanted the names of plugins; add it with "skymap plugin add ${place}"`,
  );
}

/** The section of the worker, or every fault in it. */
function readSection(section: Json | undefined): z.infer<typeof SECTION> {
  refuseUnregistered(section);
  const read = SECTION.safeParse(section ?? {});
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) =>
    `${["worker", ...path].join(".")}: ${message}`
  );
  throw new SkymapError(
    "config_invalid",
    `Cannot read the configuration: ${faults.join("; ")}`,
    { details: { faults } },
  );
}

/** Sections of plugins; each must be an object. */
function pluginSections(
  document: JsonObject,
): Readonly<Record<string, JsonObject>> {
  for (const [name, section] of Object.entries(document)) {
    if (isObject(section)) continue;
    throw new SkymapError(
      "config_invalid",
      `Cannot read the configuration: ${name} is ${
        JSON.stringify(section)
      }, expected properties as in ${name}.x=y`,
    );
  }
  return document as Readonly<Record<string, JsonObject>>;
}

/** Reads flags, environment and overrides of the worker. */
export function readWorkerSettings(
  args: readonly string[],
  env?: (name: string) => string | undefined,
): WorkerSettings {
  const { settings, overrides } = readSettings(FLAGS, {
    role: "worker",
    brief: "Collects clouds through plugins, whenever core asks for it.",
    args,
    takesOverrides: true,
    ...(env !== undefined && { env }),
  });
  refuseTls(settings);
  const document = applyOverrides(
    {},
    overrides.map(({ path, value }) => ({
      // The document is called skymap.worker; its name may stand in front.
      path: path[0] === "skymap" && path[1] === "worker" ? path.slice(1) : path,
      value,
    })),
  );
  const { worker, ...rest } = document;
  const section = readSection(worker);
  const pluginConfig = pluginSections(rest);
  return {
    subscriberId: settings.subscriberId,
    coreUri: settings.coreUri,
    psk: settings.psk,
    pskFile: settings.pskFile,
    dataDir: settings.dataDir,
    verbose: settings.verbose,
    quiet: settings.quiet,
    webHost: settings.webHost,
    webPort: settings.webPort,
    collector: section.collector,
    graph: section.graph,
    timeoutSeconds: section.timeout,
    poolSize: section.pool_size,
    most: {
      timeoutSeconds: section.account_timeout,
      heapMb: section.plugin_heap_mb,
      memoryMb: section.plugin_memory_mb,
    },
    pluginConfig,
  };
}
