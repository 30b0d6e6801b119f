import { messageOf, SkymapError } from "@skymap/lib/errors";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A module with all that it imports, and what that was. */
export interface BundledModule {
  /** JavaScript that imports nothing but `@skymap/lib/plugin`. */
  readonly text: string;
  /** Lock of what went in, as Deno writes it. */
  readonly lock: string;
}

/** What is bundled, and with what. */
export interface BundleOptions {
  /** Address of the module: `file:`, `http:` or `https:`. */
  readonly url: string;
  /** The Deno to bundle with. */
  readonly deno: string;
  /** Ends it. */
  readonly signal: AbortSignal;
}

const decoder = new TextDecoder();

/** Deno's own words for what went wrong, without its prefix. */
function reasonOf(stderr: string): string {
  const lines = stderr.split("\n").map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("Stack backtrace"));
  const at = lines.findIndex((line) => /^error/i.test(line));
  return lines.slice(Math.max(at, 0), Math.max(at, 0) + 3).join(" ")
    .replace(/^error:? ?/i, "");
}

/** The author's lock, so that a module has the versions that it was tried with. */
async function copyLock(url: string, target: string): Promise<void> {
  if (!url.startsWith("file:")) return;
  const lock = join(dirname(fileURLToPath(url)), "deno.lock");
  await Deno.copyFile(lock, target).catch((error) => {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  });
}

/** The lock without what belongs to the folder that it was made in. */
async function readLock(path: string): Promise<string> {
  const text = await Deno.readTextFile(path).catch((error) => {
    if (error instanceof Deno.errors.NotFound) return '{"version":"5"}';
    throw error;
  });
  const { workspace: _, ...lock } = JSON.parse(text);
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/**
 * Puts a module and all that it imports into one text. The same sources give
 * the same text, wherever they lie.
 *
 * @throws {SkymapError} `plugin_invalid`, with Deno's reason.
 */
export async function bundleModule(
  { url, deno, signal }: BundleOptions,
): Promise<BundledModule> {
  const folder = await Deno.makeTempDir({ prefix: "skymap-pack-" });
  const lock = join(folder, "deno.lock");
  const output = join(folder, "module.js");
  try {
    await copyLock(url, lock);
    const isFile = url.startsWith("file:");
    const { success, stderr } = await new Deno.Command(deno, {
      args: [
        "bundle",
        "--quiet",
        "--platform=deno",
        // Without it the paths of this machine would be part of the text.
        "--minify",
        "--keep-names",
        "--external=@skymap/lib/plugin",
        ...(isFile ? [] : ["--no-config", "--allow-import"]),
        `--lock=${lock}`,
        `--output=${output}`,
        isFile ? fileURLToPath(url) : url,
      ],
      ...(isFile && { cwd: dirname(fileURLToPath(url)) }),
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
      signal,
    }).output();
    signal.throwIfAborted();
    if (!success) throw new Error(reasonOf(decoder.decode(stderr)));
    return {
      text: await Deno.readTextFile(output),
      lock: await readLock(lock),
    };
  } catch (cause) {
    signal.throwIfAborted();
    throw new SkymapError(
      "plugin_invalid",
      `Cannot pack plugin "${url}": ${messageOf(cause)}`,
      { cause },
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
