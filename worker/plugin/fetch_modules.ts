import { SkymapError } from "@skymap/lib/errors";
import type { FileSource } from "./source.ts";

/** What is fetched, and with what. */
export interface FetchModulesOptions {
  /** The plugin. */
  readonly source: FileSource;
  /** The Deno to fetch with. */
  readonly deno: string;
  /** Address of the import map. */
  readonly importMap: string;
  /** All of the environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends the fetching. */
  readonly signal: AbortSignal;
}

/**
 * The line that says what went wrong, and the cause below it, if there is one;
 * without Deno's prefix and position.
 */
function reasonOf(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim());
  const at = lines.findIndex((line) => line.startsWith("error: "));
  const error = (lines[at] ?? "").replace("error: ", "").replace(/\.$/, "");
  const cause = lines[at + 1]?.match(/^0: (.+)/)?.[1];
  if (error === "") return "the module cannot be fetched";
  return cause === undefined ? error : `${error}: ${cause}`;
}

/**
 * Fetches a plugin's module and all that it imports into Deno's cache, without
 * running any of it. What is in the cache is not fetched again: a new version
 * has a new address.
 *
 * @throws {SkymapError} `plugin_unreachable`, with the address that failed;
 * `plugin_invalid`, if a module cannot be parsed.
 */
export async function fetchModules(
  { source, deno, importMap, env, signal }: FetchModulesOptions,
): Promise<void> {
  const { protocol, host } = new URL(source.url);
  const output = await new Deno.Command(deno, {
    args: [
      "cache",
      "--no-config",
      "--no-lock",
      "--quiet",
      `--import-map=${importMap}`,
      ...(protocol === "file:" ? [] : [`--allow-import=${host}`]),
      source.url,
    ],
    env: { ...env },
    clearEnv: true,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal,
  }).output();
  signal.throwIfAborted();
  if (output.success) return;
  const stderr = new TextDecoder().decode(output.stderr);
  const reason = reasonOf(stderr);
  throw new SkymapError(
    /module's source code could not be parsed/i.test(stderr)
      ? "plugin_invalid"
      : "plugin_unreachable",
    `Cannot load plugin "${source.spec}": ${reason}`,
    { details: { url: source.url } },
  );
}
