import { SkymapError } from "@skymap/lib/errors";
import {
  type ReadSettings,
  readSettings,
  type SettingDeclarations,
} from "@skymap/lib/settings";

/** A command of the role `plugin`, for its help. */
export interface CommandSyntax {
  /** Its name. */
  readonly name: string;
  /** One sentence for `--help`. */
  readonly brief: string;
  /** Name of its one word, such as `FILE`; none when it takes none. */
  readonly word?: string;
  /** Whether it takes `--override`. Default: false. */
  readonly takesOverrides?: boolean;
}

/** What the words of a command were read to. */
export interface ReadCommand<D extends SettingDeclarations>
  extends ReadSettings<D> {
  /** Its one word; empty when it takes none. */
  readonly word: string;
}

/**
 * Reads the words after a command's name. The environment is that of the role:
 * `SKYMAP_PLUGIN_` and the flag's name.
 *
 * @throws {SkymapError} `usage`, if its word is missing or is not the only one.
 */
export function readCommand<const D extends SettingDeclarations>(
  declarations: D,
  args: readonly string[],
  { name, brief, word, takesOverrides = false }: CommandSyntax,
): ReadCommand<D> {
  const role = `plugin ${name}`;
  const read = readSettings(declarations, {
    role,
    brief,
    args,
    takesOverrides,
    env: (variable) =>
      Deno.env.get(variable.replace(` ${name.toUpperCase()}`, "")),
    ...(word !== undefined && { words: word }),
  });
  const wanted = word === undefined ? 0 : 1;
  if (read.words.length !== wanted) {
    throw new SkymapError(
      "usage",
      `Cannot do plugin ${name}: there are ${read.words.length} words after it, wanted ${
        word === undefined ? "none" : `one ${word}`
      }`,
    );
  }
  return { ...read, word: read.words[0] ?? "" };
}

/** Prints lines on standard output. */
export function printLines(lines: readonly string[]): void {
  const bytes = new TextEncoder().encode(
    lines.map((line) => `${line}\n`).join(""),
  );
  for (let at = 0; at < bytes.length;) {
    at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}
