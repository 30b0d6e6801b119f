import type { LineContext } from "./line_context.ts";

/** The bytes of a file that came with the line: it was seen to before it ran. */
export function sentFile(
  { files }: LineContext,
  name: string,
): ReadableStream<Uint8Array> {
  const file = files.get(name);
  if (file === undefined) {
    throw new TypeError(`Cannot happen: file "${name}" did not come`);
  }
  return file.stream();
}
