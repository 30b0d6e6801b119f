import { SkymapError } from "@skymap/lib/errors";
import {
  type Override,
  readSettings,
  type SettingDeclarations,
} from "@skymap/lib/settings";
import { readWorkerConfig } from "./worker_config.ts";

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
  /** What counts in place of the configuration, the last wins. */
  readonly overrides: readonly Override[];
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
  const worker: WorkerSettings = {
    subscriberId: settings.subscriberId,
    coreUri: settings.coreUri,
    psk: settings.psk,
    pskFile: settings.pskFile,
    dataDir: settings.dataDir,
    verbose: settings.verbose,
    quiet: settings.quiet,
    webHost: settings.webHost,
    webPort: settings.webPort,
    // The document is called skymap.worker; its name may stand in front.
    overrides: overrides.map((each) => ({
      ...each,
      path: each.path[0] === "skymap" ? each.path.slice(1) : each.path,
    })),
  };
  // What is wrong with them is told at once, and not by the first collect.
  readWorkerConfig({}, worker.overrides, { resolves: false });
  return worker;
}
