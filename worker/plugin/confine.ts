/**
 * Closes what Deno's permissions leave open to a plugin, and tells each try in
 * the way that Deno tells those that it refuses itself:
 *
 * - storage that all plugins would share, as they have one main module;
 * - threads, each of which would bring its own copy of all that is closed here;
 * - starting and killing processes, which Deno refuses without telling it.
 *
 * @module
 */

import childProcess from "node:child_process";
import process from "node:process";
import threads from "node:worker_threads";
import { ACCESS_MARK } from "./audit.ts";

type Refusal = (this: unknown) => never;

const stderr = Deno.stderr;
const encoder = new TextEncoder();

/** A function, constructor or getter that refuses, and tells that it did. */
function refusing(permission: string, name: string, why: string): Refusal {
  return function () {
    const told = JSON.stringify({ permission, value: name }).slice(1);
    const line = `${ACCESS_MARK}${new Date().toISOString()}",${told}\n`;
    stderr.writeSync(encoder.encode(line));
    throw new Deno.errors.NotCapable(`Cannot use ${name}: ${why}`);
  };
}

/** Replaces a property for good. */
function replace(target: object, name: string, value: Refusal): void {
  if (!(name in target)) return;
  Object.defineProperty(target, name, {
    value,
    configurable: false,
    writable: false,
  });
}

function closeStorage(): void {
  for (const name of ["caches", "localStorage", "sessionStorage"]) {
    const get = refusing("storage", name, "a plugin keeps nothing");
    Object.defineProperty(globalThis, name, { get, configurable: false });
  }
}

/**
 * Makes every construction of a class fail, also through names that were bound
 * to it before: the call of `super()` in it leads to the refusal, and what is
 * not extensible cannot be given its base back.
 */
function closeClass(constructor: object, refusal: Refusal): void {
  Object.setPrototypeOf(constructor, refusal);
  Object.preventExtensions(constructor);
}

function closeThreads(): void {
  const why = "a plugin has one thread";
  for (const target of [globalThis, threads]) {
    for (const name of ["Worker", "BroadcastChannel"] as const) {
      const refusal = refusing("worker", name, why);
      closeClass(target[name], refusal);
      replace(target, name, refusal);
    }
  }
}

function closeProcesses(): void {
  const why = "a plugin starts and kills no process";
  const starters = Object.keys(Deno)
    .filter((name) => /^(run|kill|Command|spawn.*)$/.test(name));
  for (const name of starters) {
    replace(Deno, name, refusing("run", `Deno.${name}`, why));
  }
  const child = refusing("run", "child_process.ChildProcess", why);
  closeClass(childProcess.ChildProcess, child);
  for (const name of Object.keys(childProcess)) {
    replace(childProcess, name, refusing("run", `child_process.${name}`, why));
  }
  replace(process, "kill", refusing("run", "process.kill", why));
}

/** Closes all of it; to be called before the plugin is imported. */
export function confine(): void {
  closeStorage();
  closeThreads();
  closeProcesses();
}
