import type { Arguments } from "./arguments.ts";

/** Bytes of a name at most, on every system. */
const MAX_BYTES = 255;

/**
 * Reads the name of a file that the caller is given.
 *
 * @throws {SkymapError} `usage`, unless every system takes it.
 */
export function readFileName(args: Arguments, parameter: string): string {
  const name = args.must(parameter);
  const fault = (problem: string) =>
    args.fault(
      `${parameter.toUpperCase()} ${problem}, wanted a name without a folder`,
      parameter,
    );
  if (/[/\\]/.test(name)) {
    throw fault(`"${name}" lies in a folder`);
  }
  // deno-lint-ignore no-control-regex -- control characters are what it finds
  if (/^\.{0,2}$|[\u0000-\u001f\u007f:*?"<>|]|^\s|[\s.]$/.test(name)) {
    throw fault(`"${name}" is no name that every system takes`);
  }
  if (new TextEncoder().encode(name).length > MAX_BYTES) {
    throw fault(`is longer than ${MAX_BYTES} bytes`);
  }
  return name;
}
