/**
 * Which plugins came with this Skymap.
 *
 * @module
 */

/**
 * Names of the plugins beside this program: folders of the source tree, or
 * files of the bundle. None, when they cannot be read.
 */
export async function installedPlugins(
  module: string = import.meta.url,
): Promise<ReadonlySet<string>> {
  const isBundled = module.endsWith(".js");
  const folder = new URL(
    isBundled ? "./plugins/" : "../../plugins/",
    module,
  );
  const names = new Set<string>();
  try {
    for await (const { name, isDirectory } of Deno.readDir(folder)) {
      if (isBundled && name.endsWith(".js")) names.add(name.slice(0, -3));
      else if (!isBundled && isDirectory) names.add(name);
    }
  } catch (error) {
    const isExpected = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotCapable;
    if (!isExpected) throw error;
  }
  return names;
}
