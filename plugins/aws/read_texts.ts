import { parsePath, readAll } from "./path.ts";

/** The texts at a path, in order, such as those that a call is given. */
export function readTexts(path: string, item: unknown): string[] {
  return readAll(parsePath(path), item).map(String);
}
