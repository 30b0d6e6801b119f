/**
 * The main module of a plugin process: takes standard output for the protocol,
 * then imports the plugin, whose text it is told or which the import map calls
 * `skymap:plugin`.
 *
 * @module
 */

// What a plugin imports must be loaded already: its own imports may read nothing.
import "@skymap/lib/plugin";
import { servePlugin } from "@skymap/lib/plugin_host";
import { confine } from "./confine.ts";
import { startWatchdog } from "./watchdog.ts";

const stdout = Deno.stdout;
const input = Deno.stdin.readable;

async function output(chunk: Uint8Array): Promise<void> {
  for (let at = 0; at < chunk.length;) {
    at += await stdout.write(chunk.subarray(at));
  }
}

/** What a plugin prints is for the log of the worker, not for the protocol. */
function redirectConsole(): void {
  for (const name of ["log", "info", "debug"] as const) {
    // deno-lint-ignore no-console -- the plugin's console is what is replaced
    console[name] = console.error;
  }
}

/** Imports a text as it is; what it imports in turn needs permissions. */
function importText(text: string): Promise<{ readonly default?: unknown }> {
  const module = new Blob([text], { type: "text/javascript" });
  return import(URL.createObjectURL(module));
}

redirectConsole();
startWatchdog(Number(Deno.args[0] ?? 0) || Infinity);
confine();
await servePlugin({
  // A literal name: such an import needs no permission to read.
  load: (text) =>
    text === undefined ? import("skymap:plugin") : importText(text),
  input,
  output,
});
Deno.exit(0);
