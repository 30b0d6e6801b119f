import { canonicalJson, isObject, type Json } from "@skymap/lib/json";

/** Paths of one change at most; what is below the rest is not told apart. */
const MAX_PATHS = 100;

function same(before: Json | undefined, after: Json | undefined): boolean {
  if (before === after) return true;
  if (before === undefined || after === undefined) return false;
  return canonicalJson(before) === canonicalJson(after);
}

function collect(
  before: Json | undefined,
  after: Json | undefined,
  path: string,
  paths: string[],
): void {
  if (paths.length >= MAX_PATHS || same(before, after)) return;
  if (!isObject(before) || !isObject(after)) {
    paths.push(path);
    return;
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) {
    const step = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key)
      ? `.${key}`
      : `.\`${key.replaceAll("`", "\\`")}\``;
    collect(before[key] as Json, after[key] as Json, path + step, paths);
  }
}

/**
 * Paths at which two documents differ, such as `reported.tags.owner`; lists
 * differ as a whole.
 */
export function changedPaths(
  before: Json,
  after: Json,
  path: string,
): string[] {
  const paths: string[] = [];
  collect(before, after, path, paths);
  return paths;
}
