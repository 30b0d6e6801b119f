import { SkymapError } from "@skymap/lib/errors";
import { basename, join } from "node:path";
import { findInstallation } from "../plugin/source.ts";
import { templateFiles } from "./template.ts";

/**
 * Makes a folder with a plugin that runs at once, its test, and a `deno.json`
 * through which editor and tests find this Skymap. Gives the names of the files.
 *
 * @throws {SkymapError} `usage`, if the name is no plugin's; `conflict`, if the
 * folder is there.
 */
export async function newPlugin(folder: string): Promise<string[]> {
  const name = basename(folder);
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    throw new SkymapError(
      "usage",
      `Cannot make plugin "${name}": its name is not snake_case`,
    );
  }
  const { testing, imports } = await findInstallation();
  const sdk = imports["@skymap/lib/plugin"];
  const files = templateFiles(name, {
    ...(sdk !== undefined && { "@skymap/lib/plugin": sdk }),
    "@skymap/lib/testing": testing,
  });
  try {
    await Deno.mkdir(folder);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
    throw new SkymapError(
      "conflict",
      `Cannot make plugin "${name}": ${folder} exists, wanted a new folder`,
      { cause },
    );
  }
  for (const [file, text] of Object.entries(files)) {
    await Deno.writeTextFile(join(folder, file), text);
  }
  return Object.keys(files);
}
