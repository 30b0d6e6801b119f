/**
 * Starts a role in a process of its own.
 *
 * @module
 */

import { resolve } from "node:path";
import { findPlaces, IS_BUNDLED } from "./places.ts";
import { permissionsOf, type RoleName } from "./roles.ts";

/** How a role's process is tied to this one. */
export interface SpawnOptions {
  /** `piped`: the role ends when this process does. Default: `inherit`. */
  readonly stdin?: "piped" | "inherit";
}

/** The words that run a role in a fresh Deno. */
export function commandOf(
  role: RoleName,
  args: readonly string[],
): string[] {
  if (Deno.build.standalone) return [role, ...args];
  const places = findPlaces(role, args);
  return [
    "run",
    "--no-prompt",
    "--quiet",
    "--frozen",
    `--config=${places.app}/deno.json`,
    ...permissionsOf(role, places),
    resolve(places.app, IS_BUNDLED ? "role.js" : "role.ts"),
    role,
    ...args,
  ];
}

/** Starts a role; its output goes where this process's output goes. */
export function spawnRole(
  role: RoleName,
  args: readonly string[],
  options: SpawnOptions = {},
): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: commandOf(role, args),
    stdin: options.stdin ?? "inherit",
    ...(options.stdin === "piped" && { env: { SKYMAP_SUPERVISED: "true" } }),
    stdout: "inherit",
    stderr: "inherit",
  }).spawn();
}

/** Runs a role to its end and gives its exit code; signals are passed on. */
export async function launch(
  role: RoleName,
  args: readonly string[],
): Promise<number> {
  const child = spawnRole(role, args);
  for (const name of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(name, () => {
      try {
        child.kill(name);
      } catch {
        // It has ended meanwhile: its status is on the way.
      }
    });
  }
  const { code, signal } = await child.status;
  return signal === null ? code : 1;
}
