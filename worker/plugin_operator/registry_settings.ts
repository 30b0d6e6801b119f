import { createToken } from "@skymap/lib/auth";
import { CoreClient, PluginClient } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { findKey } from "@skymap/lib/key";
import { untilStopped } from "@skymap/lib/lifecycle";
import type { SettingDeclarations, Settings } from "@skymap/lib/settings";

/** Flags of every command that talks to a core. */
export const CORE_SETTINGS = {
  coreUri: {
    type: "text",
    help: "Address of core.",
    default: "http://127.0.0.1:8900",
  },
  psk: { type: "text", help: "The pre-shared key." },
  pskFile: { type: "text", help: "File that holds the pre-shared key." },
  dataDir: { type: "text", help: "Data directory that holds the key." },
} as const satisfies SettingDeclarations;

/** Flag of commands that can print for programs. */
export const JSON_SETTING = {
  json: { type: "boolean", help: "Prints JSON.", default: false },
} as const satisfies SettingDeclarations;

/** Flag of commands that look a plugin up. */
export const INDEX_SETTING = {
  registry: {
    type: "text",
    help: "Address of the index that a name is looked up in.",
  },
} as const satisfies SettingDeclarations;

/** A core's registry, as its operator. */
export interface RegistryAccess {
  /** The core. */
  readonly client: CoreClient;
  /** Its client. */
  readonly plugins: PluginClient;
  /** Address of the core. */
  readonly coreUri: string;
  /** Makes a token for it. */
  readonly token: () => Promise<string>;
  /** Aborts when the operator stops the command. */
  readonly signal: AbortSignal;
}

/** The registry that the flags name. Ctrl-C ends what is asked of it. */
export async function openRegistry(
  settings: Settings<typeof CORE_SETTINGS>,
): Promise<RegistryAccess> {
  const { coreUri } = settings;
  const signal = untilStopped();
  const key = await findKey(settings);
  const token = () =>
    createToken(key, { subject: "skymap.plugin", role: "operator" });
  const client = new CoreClient({ coreUri, token, signal });
  return {
    client,
    plugins: new PluginClient(client),
    coreUri,
    token,
    signal,
  };
}

/** A plugin, and perhaps a version of it. */
export interface PluginWord {
  /** Its name. */
  readonly name: string;
  /** The version, when one is named. */
  readonly version?: string;
}

/** Whether a word is a name with or without a version. */
export function isPluginWord(word: string): boolean {
  return /^[a-z][a-z0-9_]*(@[^@/]+)?$/.test(word);
}

/**
 * Reads `NAME` or `NAME@VERSION`.
 *
 * @throws {SkymapError} `usage`.
 */
export function readPluginWord(word: string): PluginWord {
  if (!isPluginWord(word)) {
    throw new SkymapError(
      "usage",
      `Cannot read "${word}": it is no name of a plugin, wanted NAME or NAME@VERSION`,
    );
  }
  const [name = "", version] = word.split("@");
  return { name, ...(version !== undefined && { version }) };
}

/**
 * Reads `NAME`, where a version has no meaning.
 *
 * @throws {SkymapError} `usage`.
 */
export function readPluginName(word: string): string {
  const { name, version } = readPluginWord(word);
  if (version === undefined) return name;
  throw new SkymapError(
    "usage",
    `Cannot read "${word}": a version means nothing here, wanted "${name}"`,
  );
}

/** Reads the role's variables, whatever the command: `SKYMAP_PLUGIN_PSK`. */
export function roleEnvironment(
  command: string,
): (variable: string) => string | undefined {
  return (variable) =>
    Deno.env.get(variable.replace(` ${command.toUpperCase()}`, ""));
}
