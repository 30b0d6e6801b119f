/**
 * Messages of the SurrealDB protocol, as far as the gateway speaks it.
 *
 * @module
 */

import { isObject } from "@skymap/lib/json";
import { messageOf } from "@skymap/lib/errors";
import { ServerError, Uuid } from "surrealdb";

/** What a client asks. */
export interface RpcCall {
  /** Given back with the answer. */
  readonly id: string | number;
  /** Name of the method. */
  readonly method: string;
  /** Its arguments. */
  readonly params: unknown[];
  /** The client's session; none stands for its first one. */
  readonly session: Uuid | undefined;
  /** Whether it wants to be part of a transaction. */
  readonly inTransaction: boolean;
}

/** Why a call was refused, as the SDKs read it. */
export interface RpcError {
  /** JSON-RPC code. */
  readonly code: number;
  /** What is wrong. */
  readonly message: string;
  /** Class of the error in the SDKs. */
  readonly kind: string;
  /** Facts, as the engine gave them. */
  readonly details?: unknown;
}

/** A refusal of the gateway itself. */
export class Refusal extends Error {
  /** Class of the error in the SDKs. */
  readonly kind: "NotAllowed" | "NotFound" | "Validation";

  /** Makes a refusal; the message goes to the client. */
  constructor(kind: Refusal["kind"], message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.kind = kind;
  }
}

/** Checks the shape of a decoded message; undefined when it is no call. */
export function readCall(message: unknown): RpcCall | undefined {
  if (!isObject(message)) return;
  const { id, method, params = [], session, txn } = message;
  if (typeof id !== "string" && typeof id !== "number") return;
  if (typeof method !== "string" || !Array.isArray(params)) return;
  if (session !== undefined && session !== null && !(session instanceof Uuid)) {
    return;
  }
  return {
    id,
    method,
    params,
    session: session ?? undefined,
    inTransaction: txn !== undefined && txn !== null,
  };
}

/** The error of the protocol for what was thrown. */
export function rpcError(thrown: unknown): RpcError {
  if (thrown instanceof Refusal) {
    return { code: -32002, message: thrown.message, kind: thrown.kind };
  }
  if (thrown instanceof ServerError) {
    const { code, message, kind, details } = thrown;
    return { code, message, kind, ...(details && { details }) };
  }
  return { code: -32603, message: messageOf(thrown), kind: "Internal" };
}
