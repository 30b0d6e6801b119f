/**
 * One client of the gateway.
 *
 * @module
 */

import { DATABASE_SCOPE, verifyToken } from "@skymap/lib/auth";
import { pump } from "@skymap/lib/db";
import { isSkymapError } from "@skymap/lib/errors";
import { isObject } from "@skymap/lib/json";
import { logger } from "@skymap/lib/log";
import { CborCodec, type LiveMessage, Uuid } from "surrealdb";
import type { GatewayOptions } from "./gateway.ts";
import { checkQuery, CLOSE, DROPPING, FORWARDED } from "./gateway_rules.ts";
import { readCall, Refusal, type RpcCall, rpcError } from "./rpc.ts";

const log = logger("core/db");

/** Lossless, unlike the codec of core's own sessions: it only passes through. */
const codec = new CborCodec({});

/** Longest delay that a timer takes; longer ones would fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A session of the client. Only one with a user has a session of the engine. */
interface ClientSession {
  user?: {
    readonly subject: string;
    readonly session: Uuid;
    expiresAt: Date;
  };
}

/** Serves one WebSocket from its opening to its end. */
export class GatewaySocket {
  readonly #socket: WebSocket;
  readonly #options: GatewayOptions;
  /** By the client's session id; the empty text is its first session. */
  readonly #sessions = new Map<string, ClientSession>([["", {}]]);
  readonly #lives = new Map<string, () => void>();
  /** Sign-ins run one after the other, so that two cannot mix. */
  #signIns: Promise<unknown> = Promise.resolve();
  readonly #calls = new Set<Promise<void>>();
  readonly #ended = Promise.withResolvers<void>();
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** Takes a socket that is being opened. */
  constructor(socket: WebSocket, options: GatewayOptions) {
    this.#socket = socket;
    this.#options = options;
    socket.binaryType = "arraybuffer";
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#end();
    socket.onerror = () => this.#end();
    this.#timer = setTimeout(
      () => this.#close(CLOSE.notSignedIn, "No token in time"),
      options.signInMs ?? 10_000,
    );
  }

  /** Resolves when the socket and its sessions of the engine are gone. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** How many live queries it has. */
  get liveQueries(): number {
    return this.#lives.size;
  }

  /** Closes the socket because the gateway ends. */
  goAway(): void {
    this.#close(CLOSE.goingAway, "Core is stopping");
  }

  #close(code: number, reason: string): void {
    if (this.#closed) return;
    log.debug("Closed a connection: {reason}", { reason, code });
    // First our side, then the peer's: a peer that never answers the good-bye
    // must not keep its live queries.
    this.#end();
    try {
      this.#socket.close(code, reason);
    } catch {
      // It was not open any more.
    }
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const stop of this.#lives.values()) stop();
    this.#lives.clear();
    const sessions = [...this.#sessions.values()];
    this.#sessions.clear();
    // Calls under way first: a live query that starts after its session was
    // detached would never end.
    void Promise.allSettled(this.#calls).then(() =>
      Promise.all(
        sessions.map(({ user }) =>
          user === undefined ? undefined : this.#detach(user.session)
        ),
      )
    ).then(() => this.#ended.resolve());
  }

  /** Ends a session of the engine and, with it, its live queries. */
  async #detach(session: Uuid): Promise<void> {
    await this.#options.engine.send({ method: "detach", session })
      .catch(() => {});
  }

  #send(message: unknown): void {
    if (this.#closed || this.#socket.readyState !== WebSocket.OPEN) return;
    const { maxBufferedBytes = 64 * 2 ** 20 } = this.#options;
    if (this.#socket.bufferedAmount > maxBufferedBytes) {
      this.#close(CLOSE.tryLater, "Read too slowly");
      return;
    }
    this.#socket.send(codec.encode(message).slice());
  }

  #receive(data: unknown): void {
    if (this.#closed) return;
    if (!(data instanceof ArrayBuffer)) {
      this.#close(CLOSE.unsupported, "Text is not spoken here, wanted CBOR");
      return;
    }
    const { maxMessageBytes = 16 * 2 ** 20, maxPending = 1024 } = this.#options;
    if (data.byteLength > maxMessageBytes) {
      this.#close(CLOSE.tooBig, `Over ${maxMessageBytes} bytes`);
      return;
    }
    let call: RpcCall | undefined;
    try {
      call = readCall(codec.decode(new Uint8Array(data)));
    } catch {
      call = undefined;
    }
    if (call === undefined) {
      this.#close(CLOSE.policy, "Not a call of the protocol");
      return;
    }
    if (DROPPING.has(call.method)) {
      this.#close(CLOSE.sessionEnded, `Ended by ${call.method}`);
      return;
    }
    if (this.#calls.size >= maxPending) {
      const reason = `Cannot call: ${maxPending} calls wait for an answer`;
      this.#send({
        id: call.id,
        error: rpcError(new Refusal("NotAllowed", reason)),
      });
      return;
    }
    const answered = this.#answer(call).finally(() =>
      this.#calls.delete(answered)
    );
    this.#calls.add(answered);
  }

  async #answer(call: RpcCall): Promise<void> {
    const { id } = call;
    try {
      this.#send({ id, result: await this.#carryOut(call) });
    } catch (error) {
      this.#send({ id, error: rpcError(error) });
    }
  }

  #carryOut(call: RpcCall): unknown {
    switch (call.method) {
      case "ping":
      case "health":
        return null;
      case "version":
        return this.#options.engine.version();
      case "use":
        return this.#use(call);
      case "attach":
        return this.#attach(call);
      case "authenticate": {
        const signIn = this.#signIns.then(() => this.#authenticate(call));
        this.#signIns = signIn.catch(() => {});
        return signIn;
      }
      default:
        return this.#forward(call);
    }
  }

  #session(call: RpcCall): ClientSession {
    const session = this.#sessions.get(call.session?.toString() ?? "");
    if (session !== undefined) return session;
    throw new Refusal("NotFound", `Session not found: ${call.session}`);
  }

  /** The token has chosen already; another place is refused. */
  #use(call: RpcCall): unknown {
    this.#session(call);
    const { namespace, database } = DATABASE_SCOPE;
    const [ns, db] = call.params;
    if ((ns ?? namespace) !== namespace || (db ?? database) !== database) {
      throw new Refusal(
        "NotAllowed",
        `Cannot use database: wanted namespace "${namespace}" and database ` +
          `"${database}", the only ones open here`,
      );
    }
    return { namespace, database };
  }

  #attach(call: RpcCall): null {
    const { maxSessions = 16 } = this.#options;
    const name = call.session?.toString() ?? "";
    if (name === "" || this.#sessions.has(name)) {
      throw new Refusal("Validation", "Cannot attach: the session is there");
    }
    if (this.#sessions.size >= maxSessions) {
      throw new Refusal(
        "NotAllowed",
        `Cannot attach: ${maxSessions} sessions are open, the most for a socket`,
      );
    }
    this.#sessions.set(name, {});
    return null;
  }

  async #authenticate(call: RpcCall): Promise<null> {
    const client = this.#session(call);
    const [token] = call.params;
    if (typeof token !== "string") {
      throw new Refusal("Validation", "Cannot sign in: wanted a token");
    }
    const claims = await verifyToken(this.#options.key, token).catch(
      (error) => {
        log.warning("Refused a token: {reason}", { reason: error.message });
        throw new Refusal(
          isSkymapError(error) ? "NotAllowed" : "Validation",
          error.message,
          error,
        );
      },
    );
    if (claims.role === "operator" || claims.role === "scraper") {
      throw new Refusal(
        "NotAllowed",
        `Cannot sign in: the token has role "${claims.role}", wanted one of a ` +
          "worker or of metrics",
      );
    }
    const { user } = client;
    if (user === undefined) {
      const session = await this.#openSession(token);
      // The socket may have ended meanwhile, and nobody else would clean up.
      if (this.#closed) await this.#detach(session);
      else client.user = { ...claims, session };
    } else if (user.subject !== claims.subject) {
      throw new Refusal(
        "NotAllowed",
        "Cannot sign in: the session has another user, wanted a new session",
      );
    } else {
      await this.#renew(user.session, token);
      user.expiresAt = claims.expiresAt;
    }
    this.#watchExpiry();
    return null;
  }

  /**
   * A session of the engine with the token's user. It is nobody's before it has
   * one: until then it is the owner's.
   */
  async #openSession(token: string): Promise<Uuid> {
    const { engine } = this.#options;
    const session = Uuid.v4();
    await engine.send({ method: "attach", session });
    try {
      await engine.send({ method: "authenticate", params: [token], session });
      return session;
    } catch (error) {
      await this.#detach(session);
      throw new Refusal("NotAllowed", "Cannot sign in: unknown worker", error);
    }
  }

  async #renew(session: Uuid, token: string): Promise<void> {
    const { engine } = this.#options;
    try {
      await engine.send({ method: "authenticate", params: [token], session });
    } catch (error) {
      this.#close(CLOSE.sessionEnded, "Token not accepted any more");
      throw error;
    }
  }

  /** The engine goes on after a token's end, so the gateway watches the clock. */
  #watchExpiry(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const ends = [...this.#sessions.values()].flatMap(({ user }) =>
      user === undefined ? [] : [user.expiresAt.getTime()]
    );
    const left = Math.min(...ends) - Date.now();
    if (left <= 0) {
      this.#close(CLOSE.tokenExpired, "Token expired");
      return;
    }
    this.#timer = setTimeout(
      () => this.#watchExpiry(),
      Math.min(left, MAX_TIMER_MS),
    );
  }

  async #forward(call: RpcCall): Promise<unknown> {
    const { method, params } = call;
    const { user } = this.#session(call);
    if (!FORWARDED.has(method) || call.inTransaction) {
      throw new Refusal(
        "NotAllowed",
        `Cannot call "${method}": it is not served here, wanted one of ` +
          ["authenticate", "use", "ping", "version", ...FORWARDED].join(", "),
      );
    }
    if (user === undefined || user.expiresAt.getTime() <= Date.now()) {
      throw new Refusal(
        "NotAllowed",
        `Cannot call "${method}": nobody is signed in, wanted "authenticate" ` +
          "with a token first",
      );
    }
    if (method === "query") checkQuery(params[0]);
    const { session } = user;
    const result = await this.#options.engine.send({ method, params, session });
    if (method === "live" && result instanceof Uuid) this.#follow(result);
    if (method === "query" && Array.isArray(result)) {
      for (const answer of result) {
        if (
          isObject(answer) && answer.type === "live" &&
          answer.result instanceof Uuid
        ) this.#follow(answer.result);
      }
    }
    return result;
  }

  /** Passes the events of a live query on, to this socket and no other. */
  #follow(id: Uuid): void {
    if (this.#closed) return;
    const name = id.toString();
    const stop = pump(
      this.#options.engine.liveQuery(id),
      (message: LiveMessage) => {
        const { action, recordId: record, value } = message;
        this.#send({ result: { id, action, record, result: value } });
        if (action !== "KILLED") return;
        this.#lives.delete(name);
        stop();
      },
    );
    this.#lives.set(name, stop);
  }
}
