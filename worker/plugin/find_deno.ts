import { SkymapError } from "@skymap/lib/errors";

/** What {@linkcode findDeno} looks at; by default this process. */
export interface DenoSearch {
  /** Whether Skymap is one compiled binary. */
  readonly standalone: boolean;
  /** The program that runs. */
  readonly execPath: string;
  /** Folders of programs, with colons between. */
  readonly path: string;
}

async function isFile(path: string): Promise<boolean> {
  return await Deno.stat(path).then((found) => found.isFile, () => false);
}

/**
 * The Deno that runs plugins: the one that runs this. A compiled binary holds no
 * Deno that could run anything else, so it takes one beside it or on the PATH.
 *
 * @throws {SkymapError} `plugin_unreachable`, if a binary finds none.
 */
export async function findDeno(
  { standalone, execPath, path }: DenoSearch,
): Promise<string> {
  if (!standalone) return execPath;
  const beside = execPath.replace(/[^/]*$/, "");
  const folders = path.split(":").filter((folder) => folder !== "");
  for (const folder of [beside, ...folders]) {
    const deno = `${folder.replace(/\/$/, "")}/deno`;
    if (await isFile(deno)) return deno;
  }
  throw new SkymapError(
    "plugin_unreachable",
    `Cannot run plugins: this is a compiled Skymap, and there is no "deno" ` +
      `beside it (${beside}) or on PATH; wanted Deno ${Deno.version.deno}, as ` +
      `"npm i -g deno@${Deno.version.deno}" installs it`,
  );
}

/**
 * The module whose folder holds the files of plugins for a compiled binary: the
 * `app` of a distribution, beside the binary.
 *
 * @throws {SkymapError} `plugin_unreachable`, if there is none.
 */
export async function findBesideBinary(execPath: string): Promise<string> {
  const app = execPath.replace(/[^/]*$/, "app/");
  const module = `${app}runner.js`;
  if (await isFile(module)) return new URL(`file://${module}`).href;
  throw new SkymapError(
    "plugin_unreachable",
    `Cannot run plugins: this is a compiled Skymap, and ${app} does not hold ` +
      `the files of plugins; wanted the folder "app" that "deno task bundle" makes`,
  );
}
