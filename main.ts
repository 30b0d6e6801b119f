/**
 * `skymap ROLE …`: starts the role in a process of its own, with the
 * permissions of that role and no others.
 *
 * @module
 */

import { isSkymapError } from "@skymap/lib/errors";
import { launch } from "./start/launch.ts";
import { HELP, isRole } from "./start/roles.ts";
import { VERSION } from "@skymap/lib/version";

/** Prints to standard output, which may be a pipe that nobody reads any more. */
function print(text: string): void {
  try {
    Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}

async function main(args: readonly string[]): Promise<number> {
  const [first = "--help", ...rest] = args;
  if (first === "--help" || first === "-h" || first === "help") {
    print(HELP);
    return 0;
  }
  if (first === "--version" || first === "-V") {
    print(VERSION);
    return 0;
  }
  if (first === "completion") {
    const { completionScript } = await import("./start/completion.ts");
    print(completionScript(rest[0]));
    return 0;
  }
  if (isRole(first)) {
    // A compiled binary holds the roles in itself; it has one set of
    // permissions, and only plugins run in processes with fewer.
    if (Deno.build.standalone) {
      return await (await import("./role.ts")).main([first, ...rest]);
    }
    return await launch(first, rest);
  }
  Deno.stderr.writeSync(new TextEncoder().encode(
    `Error: Cannot start "${first}": no such role\n\n${HELP}\n`,
  ));
  return 2;
}

/** Tells a fault that kept a role from being started. */
function report(error: unknown): number {
  if (!isSkymapError(error)) throw error;
  Deno.stderr.writeSync(new TextEncoder().encode(`Error: ${error.message}\n`));
  return 2;
}

if (import.meta.main) Deno.exit(await main(Deno.args).catch(report));
