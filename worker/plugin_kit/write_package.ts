import type { RegistryIndexJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import { compareVersions, type PublishedPlugin } from "@skymap/lib/plugin_host";
import { join } from "node:path";
import type { PackedPlugin } from "./pack_plugin.ts";

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await Deno.readTextFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return;
    throw error;
  }
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** A published version stays as it is: who has it must be able to rely on it. */
async function refuseChange(
  path: string,
  { manifest: { name, version }, sha256 }: PublishedPlugin,
): Promise<void> {
  const before = await readJson(path);
  const known = isObject(before) ? before["sha256"] : undefined;
  if (known === undefined || known === sha256) return;
  throw new SkymapError(
    "conflict",
    `Cannot write plugin "${name}" ${version}: ${path} holds it with sha256 ${known}, this one has ${sha256}; give it a new version, or replace it with --replace`,
  );
}

/** The index with this version in it, plugins by name and the newest first. */
function indexWith(
  index: RegistryIndexJson,
  file: string,
  { manifest, module, sha256, size, lock }: PublishedPlugin,
): RegistryIndexJson {
  const { name, version } = manifest;
  const before = index.plugins.find((each) => each.name === name);
  const versions = [
    ...before?.versions.filter((each) => each.version !== version) ?? [],
    {
      version,
      sha256,
      size,
      manifest: file,
      module,
      ...(lock !== undefined && { lock }),
    },
  ].sort((one, other) => compareVersions(other.version, one.version));
  const description = versions[0]?.version === version
    ? manifest.description
    : before?.description ?? manifest.description;
  return {
    plugins: [
      ...index.plugins.filter((each) => each.name !== name),
      { name, description, versions },
    ].sort((one, other) => one.name < other.name ? -1 : 1),
  };
}

/**
 * Writes a packed plugin into a folder that a web server can serve: module,
 * manifest and lock, and the index of all that the folder holds. Gives the
 * names of the files.
 *
 * @throws {SkymapError} `conflict`, if the folder holds another module under
 * the same name and version.
 */
export async function writePackage(
  folder: string,
  { published, module, lock }: PackedPlugin,
  { replace = false }: { readonly replace?: boolean } = {},
): Promise<string[]> {
  const { name, version } = published.manifest;
  const file = `${name}-${version}.json`;
  await Deno.mkdir(folder, { recursive: true });
  if (!replace) await refuseChange(join(folder, file), published);
  const indexPath = join(folder, "index.json");
  const index = await readJson(indexPath) ?? { plugins: [] };
  if (!isObject(index) || !Array.isArray(index["plugins"])) {
    throw new SkymapError(
      "conflict",
      `Cannot write plugin "${name}" ${version}: ${indexPath} is no index of plugins`,
    );
  }
  const lockFile = published.lock ?? `${name}-${version}.lock.json`;
  await Deno.writeTextFile(join(folder, published.module), module);
  await Deno.writeTextFile(join(folder, lockFile), lock);
  await Deno.writeTextFile(join(folder, file), toJson(published));
  // Last of all: what the index names is there.
  await Deno.writeTextFile(
    indexPath,
    toJson(indexWith(index as unknown as RegistryIndexJson, file, published)),
  );
  return [published.module, file, lockFile, "index.json"];
}
