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

function closeThreads(): void {
  for (const target of [globalThis, threads]) {
    for (const name of ["Worker", "BroadcastChannel"]) {
      const why = "a plugin has one thread";
      replace(target, name, refusing("worker", name, why));
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

/**
 * What `node:worker_threads` is to a plugin: the object that was closed, as the
 * names that an import binds are those of the open one.
 */
export const CLOSED_THREADS: string = `data:text/javascript,${
  encodeURIComponent(`import process from "node:process";
const threads = process.getBuiltinModule("node:worker_threads");
export default threads;
export const { BroadcastChannel, MessageChannel, MessagePort, Worker, isMainThread, parentPort, threadId, workerData } = threads;`)
}`;
