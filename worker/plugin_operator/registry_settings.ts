import { createToken } from "@skymap/lib/auth";
import { CoreClient, PluginClient } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { findKey } from "@skymap/lib/key";
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

/** A core's registry, as its operator. */
export interface RegistryAccess {
  /** Its client. */
  readonly plugins: PluginClient;
  /** Address of the core. */
  readonly coreUri: string;
  /** Makes a token for it. */
  readonly token: () => Promise<string>;
}

/** The registry that the flags name. */
export async function openRegistry(
  settings: Settings<typeof CORE_SETTINGS>,
): Promise<RegistryAccess> {
  const { coreUri } = settings;
  const key = await findKey(settings);
  const token = () =>
    createToken(key, { subject: "skymap.plugin", role: "operator" });
  return {
    plugins: new PluginClient(new CoreClient({ coreUri, token })),
    coreUri,
    token,
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
