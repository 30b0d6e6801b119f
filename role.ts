/**
 * Runs one role in this process. `main.ts` starts it with the role's
 * permissions; what a role does not need is not imported.
 *
 * @module
 */

import { isSkymapError, messageOf } from "@skymap/lib/errors";
import { isRole, type RoleName } from "./start/roles.ts";

/** What each member exports: runs to the end and gives the exit code. */
type Run = (args: readonly string[]) => Promise<number>;

async function load(role: RoleName): Promise<Run> {
  switch (role) {
    case "start":
      return (await import("./start/mod.ts")).run;
    case "core":
      return (await import("./core/mod.ts")).run;
    case "worker":
      return (await import("./worker/mod.ts")).run;
    case "metrics":
      return (await import("./metrics/mod.ts")).run;
    case "shell":
      return (await import("./shell/mod.ts")).run;
    case "plugin":
      return (await import("./worker/plugin_role.ts")).run;
  }
}

/** The exit code of what a role threw, after it was told to people. */
function report(error: unknown): number {
  const requested = (error as { exitCode?: unknown } | null)?.exitCode;
  if (typeof requested === "number") return requested;
  const text = isSkymapError(error)
    ? `Error: ${error.message}`
    : `Error: ${error instanceof Error ? error.stack : messageOf(error)}`;
  Deno.stderr.writeSync(new TextEncoder().encode(`${text}\n`));
  return isSkymapError(error, "usage", "config_invalid") ? 2 : 1;
}

/** Runs the role that the first word names; gives the exit code. */
export async function main(
  [role = "", ...args]: readonly string[],
): Promise<number> {
  if (!isRole(role)) return 2;
  try {
    return await (await load(role))(args);
  } catch (error) {
    return report(error);
  }
}

// The native engines keep threads of their own: only an exit ends the process.
if (import.meta.main) Deno.exit(await main(Deno.args));
