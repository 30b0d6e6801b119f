/**
 * Closes what Deno's permissions leave open to a plugin, and tells each try in
 * the way that Deno tells those that it refuses itself:
 *
 * - storage that all plugins would share, as they have one main module;
 * - SQLite, which writes what it sorts into files of its own;
 * - the graphics card, whose memory nobody watches;
 * - the inner functions of Deno itself;
 * - threads, each of which would bring its own copy of all that is closed here;
 * - starting and killing processes, which Deno refuses without telling it.
 *
 * @module
 */

import childProcess from "node:child_process";
import process from "node:process";
import sqlite from "node:sqlite";
import threads from "node:worker_threads";
import { ACCESS_MARK } from "./audit.ts";

type Refusal = (this: unknown) => never;

// Bound now: a plugin may put its own functions in the place of all these.
const write = Deno.stderr.writeSync.bind(Deno.stderr);
const { NotCapable } = Deno.errors;
const started = new Date().toISOString();

/** A function, constructor or getter that refuses, and tells that it did. */
function refusing(permission: string, name: string, why: string): Refusal {
  const told = JSON.stringify({ permission, value: name }).slice(1);
  const line = new TextEncoder().encode(`${ACCESS_MARK}${started}",${told}\n`);
  return function () {
    write(line);
    throw new NotCapable(`Cannot use ${name}: ${why}`);
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

/**
 * Closes every method of a class and its bases, by whatever way a plugin makes
 * or finds an object of it.
 */
function closeMethods(
  closed: { readonly name: string; readonly prototype: object } | undefined,
  permission: string,
  why: string,
): void {
  // A Deno that was built without it has none to close.
  if (closed === undefined) return;
  const { name, prototype } = closed;
  for (
    let each: object = prototype;
    each !== Object.prototype && each !== null;
    each = Object.getPrototypeOf(each)
  ) {
    for (const method of Object.getOwnPropertyNames(each)) {
      if (method === "constructor") continue;
      const get = refusing(permission, `${name}.${method}`, why);
      Object.defineProperty(each, method, { get, configurable: false });
    }
  }
}

function closeStorage(): void {
  const why = "a plugin keeps nothing";
  for (const name of ["caches", "localStorage", "sessionStorage"]) {
    const get = refusing("storage", name, why);
    Object.defineProperty(globalThis, name, { get, configurable: false });
  }
  for (const name of ["CacheStorage", "Cache", "Storage"]) {
    closeMethods(Reflect.get(globalThis, name), "storage", why);
  }
  closeMethods(sqlite.DatabaseSync, "storage", why);
}

function closeGraphics(): void {
  const why = "a plugin has no graphics card";
  closeMethods(Reflect.get(globalThis, "GPU"), "gpu", why);
}

/** Deno's own modules hold them; nobody else needs them. */
function closeInternals(): void {
  const internal: unknown = Reflect.get(Deno, "internal");
  if (typeof internal === "symbol") Reflect.deleteProperty(Deno, internal);
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
  closeGraphics();
  closeInternals();
}
