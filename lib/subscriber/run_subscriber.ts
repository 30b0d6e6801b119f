/**
 * A process that listens to workflows: worker and metrics.
 *
 * @module
 */

import { createToken, type Role } from "../auth.ts";
import type { SubscriberJson } from "../client/api_types.ts";
import { CoreClient, unwrap } from "../client/core_client.ts";
import { connectRemote, type DbSession } from "../db/mod.ts";
import { isSkymapError, messageOf } from "../errors.ts";
import { findKey, type KeySettings } from "../key.ts";
import { aborted, delay } from "../lifecycle.ts";
import { logger } from "../log.ts";
import { retry } from "../retry.ts";
import { type ActionHandler, ActionRunner } from "./action_runner.ts";
import { type TaskHandler, TaskRunner } from "./task_runner.ts";

/** What {@linkcode runSubscriber} needs. */
export interface SubscriberProcessOptions extends KeySettings {
  /** Address of core. */
  readonly coreUri: string;
  /** Role of its tokens. */
  readonly role: Role;
  /** Who it is and what it wants. */
  readonly subscriber: SubscriberJson;
  /**
   * Gives what it wants, now and with each sign of life. Default: always the
   * same.
   */
  readonly refresh?: (client: CoreClient) => Promise<SubscriberJson>;
  /** What to do, by message type. */
  readonly handlers: (
    client: CoreClient,
  ) => Readonly<Record<string, ActionHandler>>;
  /** What to do for tasks, by their name. Default: takes none. */
  readonly tasks?: (
    client: CoreClient,
  ) => Readonly<Record<string, TaskHandler>>;
  /**
   * Given the session of the database before actions are taken; what it gives is
   * called when a lost connection is back. Default: nobody wants it.
   */
  readonly onSession?: (
    db: DbSession,
    client: CoreClient,
  ) => Promise<() => Promise<void>>;
  /** Told of each action that was answered. */
  readonly onEnd?: (messageType: string, result: "done" | "failed") => void;
  /** Told once when actions are taken; `connected` stays up to date. */
  readonly onReady: (connected: () => boolean) => void;
  /** Stops. */
  readonly signal: AbortSignal;
}

const HEARTBEAT_MS = 10_000;

const log = logger("subscriber");

/** Tries for as long as core is not there, telling now and then. */
function patiently<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  let told = "";
  return retry(call, {
    attempts: Infinity,
    firstDelayMs: 100,
    maxDelayMs: 3_000,
    when: (error) =>
      isSkymapError(
        error,
        "core_unreachable",
        "unavailable",
        "database_unreachable",
        // Core makes the key at its first start.
        "token_missing",
      ),
    onRetry: (error) => {
      const reason = messageOf(error);
      if (reason !== told) log.info("Waiting for core: {reason}", { reason });
      told = reason;
    },
    signal,
  });
}

/** Address of the database protocol that core serves. */
function rpcUrl(coreUri: string): string {
  return `${coreUri.replace(/^http/, "ws").replace(/\/+$/, "")}/rpc`;
}

/** Says that this process lives, again and again, and what it wants by now. */
async function beat(
  register: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    await delay(HEARTBEAT_MS, signal);
    try {
      await register();
    } catch (error) {
      signal.throwIfAborted();
      log.warn("Cannot reach core: {reason}", { reason: messageOf(error) });
    }
  }
}

/** The connection to core's database, and whether it stands. */
async function connect(
  coreUri: string,
  token: () => Promise<string>,
  signal: AbortSignal,
): Promise<
  {
    db: DbSession;
    connected: () => boolean;
    onBack: (call: () => void) => void;
  }
> {
  let connected = false;
  let back = () => {};
  const db = await patiently(() =>
    connectRemote({
      url: rpcUrl(coreUri),
      token,
      signal,
      onReconnect: () => {
        connected = true;
        log.info("Connected to core again");
        back();
      },
      onFailure: (error) => {
        if (connected) {
          log.warn("Lost core: {reason}", { reason: error.message });
        }
        connected = false;
      },
    }), signal);
  connected = true;
  return { db, connected: () => connected, onBack: (call) => back = call };
}

/**
 * Registers with core, takes actions and answers them until the signal aborts;
 * waits for core as long as needed.
 */
export async function runSubscriber(
  options: SubscriberProcessOptions,
): Promise<void> {
  const { coreUri, role, subscriber, signal } = options;
  const psk = await patiently(() => findKey(options), signal);
  const token = () => createToken(psk, { subject: subscriber.id, role });
  const client = new CoreClient({ coreUri, token });
  const register = async () => {
    const wanted = await options.refresh?.(client) ?? subscriber;
    unwrap(await client.putSubscriber(wanted));
  };
  await patiently(register, signal);
  const { db, connected, onBack } = await connect(coreUri, token, signal);
  await using session = db;
  // Core may be gone again by now: what is asked then fails, and is asked again.
  const { onSession } = options;
  const heard = onSession &&
    await patiently(() => onSession(session, client), signal);
  const handlers = options.handlers(client);
  await using runner = await patiently(() =>
    ActionRunner.start({
      db: session,
      handlers,
      ...(options.onEnd !== undefined && { onEnd: options.onEnd }),
      signal,
    }), signal);
  const catchUps = [() => runner.catchUp({ leftovers: true })];
  if (heard !== undefined) catchUps.push(heard);
  // From here on: a claim whose answer is lost while tasks begin is taken up too.
  onBack(() => {
    Promise.all(catchUps.map((catchUp) => catchUp())).catch((error) =>
      log.warn("Cannot catch up: {reason}", { reason: messageOf(error) })
    );
  });
  const taskHandlers = options.tasks?.(client);
  await using tasks = taskHandlers === undefined ? undefined : await patiently(
    () => TaskRunner.start({ db: session, handlers: taskHandlers, signal }),
    signal,
  );
  if (tasks !== undefined) catchUps.push(() => tasks.catchUp());
  options.onReady(connected);
  beat(register, signal).catch(() => {});
  await aborted(signal);
}
