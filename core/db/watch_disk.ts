/**
 * Notices that the disk of the embedded engine is full.
 *
 * @module
 */

import type { DbSession } from "@skymap/lib/db";
import { isObject } from "@skymap/lib/json";
import { messageOf } from "@skymap/lib/errors";
import type { EmbeddedEngine } from "./embedded.ts";

/** The part of the engine that is watched. */
export interface WatchedEngine {
  /** Makes a session watched. */
  session(session: DbSession): DbSession;
  /** The engine, as other processes reach it. */
  readonly engine: EmbeddedEngine;
}

const FULL = /IO error: (no space left|disk quota exceeded)/i;

/** What the answer to a request says of a full disk, if anything. */
function fullIn(answer: unknown): string | undefined {
  if (!Array.isArray(answer)) return;
  for (const statement of answer) {
    if (!isObject(statement) || statement["status"] !== "ERR") continue;
    const text = String(statement["result"]);
    if (FULL.test(text)) return text;
  }
}

/**
 * Tells of every statement that failed because the disk is full. What the
 * engine holds in memory may then be more than what it wrote, and it says so to
 * nobody: only a new process finds out what is there.
 */
export function watchDisk(
  engine: EmbeddedEngine,
  onFull: (cause: unknown) => void,
): WatchedEngine {
  const look = (error: unknown): never => {
    if (FULL.test(messageOf(error))) onFull(error);
    throw error;
  };
  return {
    session: (session) => ({
      query: (sql, bindings) => session.query(sql, bindings).catch(look),
      live: (sql, bindings, onEvent) =>
        session.live(sql, bindings, onEvent).catch(look),
      [Symbol.asyncDispose]: () => session[Symbol.asyncDispose](),
    } as DbSession),
    engine: {
      ...engine,
      send: async (request) => {
        const answer = await engine.send(request).catch(look);
        const full = fullIn(answer);
        if (full !== undefined) onFull(new Error(full));
        return answer;
      },
    },
  };
}
