/**
 * Collects a OneLogin account: its users, apps, roles and groups, and who may
 * use what.
 *
 * One file, so that it can be published as it is. It reads and never writes.
 *
 * @module
 */

import {
  type AccountList,
  type AccountsContext,
  type CollectContext,
  type CollectorDefinition,
  definePlugin,
  type Json,
  type JsonObject,
  type KindDeclaration,
  mapConcurrent,
  type ScopeWriter,
} from "@skymap/lib/plugin";

/** Configuration of the plugin. */
export interface OneloginConfig {
  /** Address of the account: `https://example.onelogin.com`. */
  readonly endpoint?: string;
  /** Client id. Default: `ONELOGIN_CLIENT_ID` of the environment. */
  readonly client_id?: string;
  /** Its secret. Default: `ONELOGIN_CLIENT_SECRET` of the environment. */
  readonly client_secret?: string;
  /** Whether the users of each app are listed, one call each. */
  readonly app_users: boolean;
}

/** What the plugin takes from the world around it. */
export interface OneloginSurroundings {
  /** Waits before another try. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds until an answer is there. Default: 30,000. */
  readonly timeoutMs?: number;
}

const ID_VARIABLE = "ONELOGIN_CLIENT_ID";
const SECRET_VARIABLE = "ONELOGIN_CLIENT_SECRET";

/** Tries of one call in all. */
const ATTEMPTS = 6;
/** Longest pause that is waited for; a call that needs more has failed. */
const MAX_WAIT_MS = 300_000;
/** Calls side by side. */
const CALLS = 4;

/** https://developers.onelogin.com/api-docs/1/users/update-user */
const USER_STATUS: Readonly<Record<string, string>> = {
  0: "unactivated",
  1: "active",
  2: "suspended",
  3: "locked",
  4: "password_expired",
  5: "awaiting_password_reset",
  7: "password_pending",
  8: "security_questions_required",
};
const USER_STATE: Readonly<Record<string, string>> = {
  0: "unapproved",
  1: "approved",
  2: "rejected",
  3: "unlicensed",
};
/** https://developers.onelogin.com/api-docs/2/apps/list-apps */
const AUTH_METHOD: Readonly<Record<string, string>> = {
  0: "password",
  1: "openid",
  2: "saml",
  3: "api",
  4: "google",
  6: "forms",
  7: "wsfed",
  8: "openid_connect",
};

/** A property: its kind, what OneLogin calls it, and how it is read. */
interface Field {
  readonly kind: string;
  readonly from: string;
  readonly read?: (value: Json) => Json;
  readonly description?: string;
}

function field(kind: string, from: string, description?: string): Field {
  return { kind, from, ...(description !== undefined && { description }) };
}

/** A number of OneLogin that stands for a word. */
function word(from: string, words: Readonly<Record<string, string>>): Field {
  return {
    ...field("string", from),
    read: (value) => words[String(value)] ?? `unknown_${value}`,
  };
}

/** An id of OneLogin: a number there, a text here. */
function reference(from: string, description: string): Field {
  return { ...field("string", from, description), read: String };
}

const USER_FIELDS: Readonly<Record<string, Field>> = {
  username: field("string", "username"),
  email: field("string", "email"),
  firstname: field("string", "firstname"),
  lastname: field("string", "lastname"),
  status: word("status", USER_STATUS),
  state: word("state", USER_STATE),
  group_id: reference("group_id", "Id of its group"),
  directory_id: reference("directory_id", "Id of the directory it comes from"),
  external_id: reference("external_id", "Its id in another system"),
  samaccountname: field("string", "samaccountname"),
  distinguished_name: field("string", "distinguished_name"),
  invalid_login_attempts: field("int64", "invalid_login_attempts"),
  activated_at: field("datetime", "activated_at"),
  invitation_sent_at: field("datetime", "invitation_sent_at"),
  password_changed_at: field("datetime", "password_changed_at"),
  locked_until: field("datetime", "locked_until"),
};

const APP_FIELDS: Readonly<Record<string, Field>> = {
  description: field("string", "description"),
  connector_id: reference("connector_id", "Id of the template it is made of"),
  auth_method: word("auth_method", AUTH_METHOD),
  visible: field("boolean", "visible", "Whether the portal shows it"),
};

const ACCOUNT_FIELDS: Readonly<Record<string, Field>> = {
  url: field("string", "url"),
};

const GROUP_FIELDS: Readonly<Record<string, Field>> = {
  reference: field("string", "reference"),
};

function kind(
  name: string,
  base: string,
  description: string,
  fields: Readonly<Record<string, Field>>,
): KindDeclaration {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { kind, description }]) => [
      name,
      { kind, ...(description !== undefined && { description }) },
    ]),
  );
  return { name, bases: [base], description, properties };
}

/** What an account has. */
const KINDS: readonly KindDeclaration[] = [
  kind("onelogin_account", "account", "An account", ACCOUNT_FIELDS),
  kind("onelogin_region", "region", "OneLogin has no regions", {}),
  kind("onelogin_user", "user", "A user", USER_FIELDS),
  kind("onelogin_app", "resource", "An app that users log in to", APP_FIELDS),
  kind("onelogin_role", "role", "Gives its users its apps", {}),
  kind("onelogin_group", "group", "Users under one policy", GROUP_FIELDS),
];

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An id, which OneLogin writes as a number. */
function idOf(value: unknown): string | undefined {
  return typeof value === "number" && Number.isSafeInteger(value)
    ? String(value)
    : text(value);
}

/** The properties that are there; OneLogin writes null or "" for what is not. */
function reported(
  item: JsonObject,
  fields: Readonly<Record<string, Field>>,
  more: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const isThere = (value: Json | undefined): value is Json =>
    value !== undefined && value !== null && value !== "";
  const found = Object.entries(fields).map((
    [name, { from, read }],
  ): [string, Json | undefined] => {
    const value = item[from];
    return [name, isThere(value) && read !== undefined ? read(value) : value];
  });
  return Object.fromEntries(
    [...found, ...Object.entries(more)].filter(([, value]) => isThere(value)),
  ) as JsonObject;
}

/** A call that failed, as the failed scope keeps it. */
class OneloginError extends Error {
  /** `unauthorized`, `forbidden`, `http_NNN` and others of ours. */
  readonly code: string;
  /** The scope that the credentials need. */
  readonly permission?: string;
  /** Whether to call again: after some milliseconds, or when it suits. */
  readonly again?: number | "soon";

  constructor(
    call: string,
    { code, message = "", permission, again, cause }: {
      readonly code: string;
      readonly message?: string;
      readonly permission?: string | undefined;
      readonly again?: number | "soon";
      readonly cause?: unknown;
    },
  ) {
    super(
      `Cannot call ${call}: ${code}${message === "" ? "" : `: ${message}`}`,
      cause === undefined ? {} : { cause },
    );
    this.name = "OneloginError";
    this.code = code;
    if (permission !== undefined) this.permission = permission;
    if (again !== undefined) this.again = again;
  }
}

/** Waits, unless it is told to stop. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal.addEventListener("abort", stop, { once: true });
  });
}

/** Between a half and the whole of 1, 2, 4 … seconds. */
function backOff(attempt: number): number {
  return 1000 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

/** What an answer says of its failure, in each of the forms that there are. */
function complaint(body: unknown): string {
  if (!isObject(body)) return "";
  const status = isObject(body["status"]) ? body["status"] : {};
  const told = status["message"];
  return text(body["message"]) ?? text(told) ??
    (isObject(told) ? text(told["description"]) : undefined) ??
    text(body["error_description"]) ?? text(body["error"]) ?? "";
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Who calls. */
interface Credentials {
  readonly id: string;
  readonly secret: string;
}

/** A call of the API. */
interface Call {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** Scope of the credentials that it needs. */
  readonly permission: string;
  /** How the token is written: version 1 wants a colon. */
  readonly scheme?: "bearer " | "bearer:";
}

interface Answer {
  readonly body: unknown;
  readonly headers: Headers;
}

/** Calls the API of one account. */
class Onelogin {
  readonly #endpoint: string;
  readonly #credentials: Credentials;
  readonly #signal: AbortSignal;
  readonly #wait: NonNullable<OneloginSurroundings["wait"]>;
  readonly #timeoutMs: number;
  #token: Promise<string> | undefined;

  constructor(
    { endpoint, credentials, signal, wait = pause, timeoutMs = 30_000 }:
      & OneloginSurroundings
      & {
        readonly endpoint: string;
        readonly credentials: Credentials;
        readonly signal: AbortSignal;
      },
  ) {
    this.#endpoint = endpoint;
    this.#credentials = credentials;
    this.#signal = signal;
    this.#wait = wait;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Logs in and gives the id of the account.
   *
   * https://developers.onelogin.com/api-docs/2/oauth20-tokens/generate-tokens-2
   */
  async logIn(): Promise<string> {
    const { account, token } = await this.#logIn();
    this.#token = Promise.resolve(token);
    return account;
  }

  async #logIn(): Promise<{ token: string; account: string }> {
    const call = "POST /auth/oauth2/v2/token";
    const { id, secret } = this.#credentials;
    const { body } = await this.#patiently(() =>
      this.#fetch(call, `${this.#endpoint}/auth/oauth2/v2/token`, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id: id,
          client_secret: secret,
        }),
      }, [secret])
    );
    const answer = isObject(body) ? body : {};
    const token = text(answer["access_token"]);
    const account = idOf(answer["account_id"]);
    if (token === undefined || account === undefined) {
      throw new OneloginError(call, {
        code: "answer_malformed",
        message: "access_token or account_id is missing",
      });
    }
    return { token, account };
  }

  /** The token; those who ask together log in once. */
  async #bearer(): Promise<string> {
    const bearer = this.#token ??= this.#logIn().then(({ token }) => token);
    try {
      return await bearer;
    } catch (error) {
      if (this.#token === bearer) this.#token = undefined;
      throw error;
    }
  }

  /** Calls, again when OneLogin says to come back. */
  async #patiently(call: () => Promise<Answer>): Promise<Answer> {
    for (let attempt = 1;; attempt++) {
      try {
        return await call();
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!(error instanceof OneloginError)) throw error;
        const { again } = error;
        if (again === undefined || attempt === ATTEMPTS) throw error;
        const pauseMs = again === "soon" ? backOff(attempt) : again;
        if (pauseMs > MAX_WAIT_MS) throw error;
        await this.#wait(pauseMs, this.#signal);
      }
    }
  }

  async #fetch(
    call: string,
    url: string,
    init: RequestInit,
    secrets: readonly string[],
    permission?: string,
  ): Promise<Answer> {
    let response: Response;
    let body: string;
    try {
      response = await fetch(url, {
        ...init,
        // Secrets are for the host that the operator allowed, and no other.
        redirect: "manual",
        signal: AbortSignal.any([
          this.#signal,
          AbortSignal.timeout(this.#timeoutMs),
        ]),
      });
      body = await response.text();
    } catch (cause) {
      const isLate = cause instanceof Error && cause.name === "TimeoutError";
      throw new OneloginError(call, {
        code: isLate ? "timed_out" : "connection_failed",
        message: isLate ? `no answer within ${this.#timeoutMs} ms` : "",
        again: "soon",
        ...(!isLate && { cause }),
      });
    }
    const { status, headers } = response;
    const answer = parse(body);
    if (status !== 200) {
      const message = [this.#credentials.secret, ...secrets].reduce(
        (told, secret) => told.replaceAll(secret, "[secret]"),
        complaint(answer),
      );
      throw this.#refusal(call, { status, headers, message, permission });
    }
    if (answer === undefined) {
      throw new OneloginError(call, {
        code: "answer_malformed",
        message: "the answer is no JSON",
      });
    }
    return { body: answer, headers };
  }

  /**
   * Limits: https://developers.onelogin.com/api-docs/2/oauth20-tokens/get-rate-limit
   */
  #refusal(
    call: string,
    { status, headers, message, permission }: {
      readonly status: number;
      readonly headers: Headers;
      readonly message: string;
      readonly permission: string | undefined;
    },
  ): OneloginError {
    if (status === 429) {
      const told = headers.get("retry-after") ??
        headers.get("x-ratelimit-reset");
      const seconds = told === null ? Number.NaN : Number(told);
      return new OneloginError(call, {
        code: "rate_limited",
        message,
        again: Number.isFinite(seconds) ? seconds * 1000 : "soon",
      });
    }
    if (status === 401 || status === 403) {
      const isKnown = status === 403 || /insufficient/i.test(message);
      return new OneloginError(call, {
        code: isKnown ? "forbidden" : "unauthorized",
        message,
        permission,
      });
    }
    return new OneloginError(call, {
      code: `http_${status}`,
      message,
      ...(status >= 500 && { again: "soon" }),
    });
  }

  async #get(call: Call): Promise<Answer> {
    const { path, query = {}, permission, scheme = "bearer " } = call;
    const url = `${this.#endpoint}${path}?${new URLSearchParams(query)}`;
    const get = (token: string) =>
      this.#patiently(() => {
        const headers = {
          accept: "application/json",
          authorization: `${scheme}${token}`,
        };
        return this.#fetch(
          `GET ${path}`,
          url,
          { headers },
          [token],
          permission,
        );
      });
    const token = await this.#bearer();
    const used = this.#token;
    try {
      return await get(token);
    } catch (error) {
      const { code } = error as { readonly code?: unknown };
      if (code !== "unauthorized") throw error;
      // A token may end before its time: another one, once.
      if (this.#token === used) this.#token = undefined;
      return await get(await this.#bearer());
    }
  }

  /**
   * The items of a listing of version 2, page by page.
   *
   * Pages: https://developers.onelogin.com/api-docs/2/getting-started/using-query-parameters
   */
  async *list(call: Call): AsyncGenerator<[string, JsonObject]> {
    const ids = new Set<string>();
    yield* this.#pages(call, "cursor", ids, ({ body, headers }) => {
      const [current, pages, total] = [
        "current-page",
        "total-pages",
        "total-count",
      ].map((name) => Number(headers.get(name) ?? Number.NaN));
      const isLast = current !== undefined && pages !== undefined &&
        current >= pages;
      const next = isLast ? undefined : text(headers.get("after-cursor"));
      return { items: body, next, total };
    });
  }

  /**
   * The items of a listing of version 1, page by page.
   *
   * Pages: https://developers.onelogin.com/api-docs/1/getting-started/using-query-parameters
   */
  async *listOld(call: Call): AsyncGenerator<[string, JsonObject]> {
    const old: Call = { ...call, scheme: "bearer:" };
    yield* this.#pages(old, "after_cursor", new Set(), ({ body }) => {
      const answer = isObject(body) ? body : {};
      const pagination = answer["pagination"];
      return {
        items: answer["data"],
        next: isObject(pagination)
          ? text(pagination["after_cursor"])
          : undefined,
      };
    });
  }

  async *#pages(
    call: Call,
    parameter: string,
    ids: Set<string>,
    read: (answer: Answer) => {
      readonly items: unknown;
      readonly next: string | undefined;
      readonly total?: number | undefined;
    },
  ): AsyncGenerator<[string, JsonObject]> {
    const name = `GET ${call.path}`;
    const cursors = new Set<string>();
    let cursor: string | undefined;
    for (;;) {
      const query = {
        ...call.query,
        ...(cursor !== undefined && { [parameter]: cursor }),
      };
      const { items, next, total } = read(await this.#get({ ...call, query }));
      if (!Array.isArray(items)) {
        throw new OneloginError(name, {
          code: "answer_malformed",
          message: "the items are no list",
        });
      }
      for (const item of items as readonly unknown[]) {
        const id = isObject(item) ? idOf(item["id"]) : undefined;
        if (!isObject(item) || id === undefined) {
          throw new OneloginError(name, {
            code: "answer_malformed",
            message: "an item has no id",
          });
        }
        // Pages are counted: when one is made meanwhile, another comes twice.
        if (ids.has(id)) continue;
        ids.add(id);
        yield [id, item];
      }
      cursor = next;
      if (cursor !== undefined && !cursors.has(cursor)) {
        cursors.add(cursor);
        continue;
      }
      // And when one is deleted meanwhile, another is never seen.
      if (cursor === undefined && !(total !== undefined && ids.size < total)) {
        return;
      }
      throw new OneloginError(name, {
        code: "answer_incomplete",
        message: cursor === undefined
          ? `${ids.size} of ${total} items came`
          : "the same page follows itself",
      });
    }
  }
}

/** https://developers.onelogin.com/api-docs/2/users/list-users */
async function listUsers(
  onelogin: Onelogin,
  found: ScopeWriter,
): Promise<void> {
  const users = onelogin.list({
    path: "/api/2/users",
    query: { limit: "50" },
    permission: "Read Users",
  });
  for await (const [id, item] of users) {
    await found.node({
      id,
      reported: reported(item, USER_FIELDS, {
        name: text(item["username"]) ?? text(item["email"]) ?? id,
        ctime: item["created_at"],
        mtime: item["updated_at"],
        atime: item["last_login"],
      }),
    });
    const group = idOf(item["group_id"]);
    if (group === undefined) continue;
    await found.edge({
      from: { kind: "onelogin_group", id: group },
      to: { kind: "onelogin_user", id },
    });
  }
}

/**
 * https://developers.onelogin.com/api-docs/2/apps/list-apps and, when it is
 * wanted, https://developers.onelogin.com/api-docs/2/apps/list-users
 */
async function listApps(
  onelogin: Onelogin,
  { config, signal }: CollectContext<OneloginConfig>,
  found: ScopeWriter,
): Promise<void> {
  const permission = "Read All";
  const apps = onelogin.list({
    path: "/api/2/apps",
    query: { limit: "1000" },
    permission,
  });
  await mapConcurrent(apps, async ([id, item]) => {
    await found.node({
      id,
      reported: reported(item, APP_FIELDS, {
        name: text(item["name"]),
        ctime: item["created_at"],
        mtime: item["updated_at"],
      }),
    });
    if (!config.app_users) return;
    const users = onelogin.list({
      path: `/api/2/apps/${id}/users`,
      query: { limit: "1000" },
      permission,
    });
    for await (const [user] of users) {
      await found.edge({
        from: { kind: "onelogin_user", id: user },
        to: { kind: "onelogin_app", id },
      });
    }
  }, { limit: CALLS, signal });
}

function idsOf(value: Json | undefined): string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [];
  return values.map(idOf).filter((id) => id !== undefined);
}

/** https://developers.onelogin.com/api-docs/2/roles/list-roles */
async function listRoles(
  onelogin: Onelogin,
  found: ScopeWriter,
): Promise<void> {
  const roles = onelogin.list({
    path: "/api/2/roles",
    query: { fields: "name,apps,users,admins", limit: "650" },
    permission: "Read Users",
  });
  for await (const [id, item] of roles) {
    const from = { kind: "onelogin_role", id };
    await found.node({
      id,
      reported: reported(item, {}, { name: text(item["name"]) }),
    });
    for (const app of idsOf(item["apps"])) {
      await found.edge({ from, to: { kind: "onelogin_app", id: app } });
    }
    const users = new Set(idsOf(item["users"]));
    const admins = new Set(idsOf(item["admins"]));
    for (const user of new Set([...users, ...admins])) {
      await found.edge({
        from,
        to: { kind: "onelogin_user", id: user },
        reported: { member: users.has(user), admin: admins.has(user) },
      });
    }
  }
}

/** https://developers.onelogin.com/api-docs/1/groups/get-groups */
async function listGroups(
  onelogin: Onelogin,
  found: ScopeWriter,
): Promise<void> {
  const groups = onelogin.listOld({
    path: "/api/1/groups",
    permission: "Read Users",
  });
  for await (const [id, item] of groups) {
    await found.node({
      id,
      reported: reported(item, GROUP_FIELDS, { name: text(item["name"]) }),
    });
  }
}

const CONFIG_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  required: ["endpoint"],
  properties: {
    endpoint: {
      type: "string",
      format: "uri",
      description: "Address of the account: https://example.onelogin.com",
    },
    client_id: {
      type: "string",
      description: `Client id. Default: ${ID_VARIABLE} of the worker`,
    },
    client_secret: {
      type: "string",
      description: `Its secret. Default: ${SECRET_VARIABLE} of the worker`,
    },
    app_users: {
      type: "boolean",
      default: true,
      description: "Whether the users of each app are listed, one call each",
    },
  },
};

function faults(config: JsonObject): string[] {
  const known = ["endpoint", "client_id", "client_secret", "app_users"];
  const found = Object.keys(config).filter((name) => !known.includes(name))
    .map((name) => `there is no "${name}", only ${known.join(", ")}`);
  const { endpoint, app_users } = config;
  if (
    endpoint !== undefined &&
    !(typeof endpoint === "string" && URL.canParse(endpoint) &&
      /^https?:$/.test(new URL(endpoint).protocol))
  ) found.push('"endpoint" is no http(s) URL');
  for (const name of ["client_id", "client_secret"]) {
    if (config[name] !== undefined && text(config[name]) === undefined) {
      found.push(`"${name}" is no text`);
    }
  }
  if (app_users !== undefined && typeof app_users !== "boolean") {
    found.push('"app_users" is neither true nor false');
  }
  return found;
}

/** Reads the configuration; throws with every fault, and never with a secret. */
function readConfig(value: unknown): OneloginConfig {
  const config = value ?? {};
  if (!isObject(config)) {
    throw new TypeError("Cannot read the configuration: it is no object");
  }
  const found = faults(config);
  if (found.length > 0) {
    throw new RangeError(`Cannot read the configuration: ${found.join("; ")}`);
  }
  const { endpoint, client_id, client_secret } = config;
  return {
    ...(endpoint !== undefined && {
      endpoint: String(endpoint).replace(/\/+$/, ""),
    }),
    ...(client_id !== undefined && { client_id: String(client_id) }),
    ...(client_secret !== undefined && {
      client_secret: String(client_secret),
    }),
    app_users: config["app_users"] !== false,
  };
}

function endpointOf({ endpoint }: OneloginConfig): string {
  if (endpoint !== undefined) return endpoint;
  throw new Error(
    'Cannot find OneLogin: there is no "endpoint", such as https://example.onelogin.com',
  );
}

async function listAccounts(
  { config, signal }: AccountsContext<OneloginConfig>,
  surroundings: OneloginSurroundings,
): Promise<AccountList> {
  const endpoint = endpointOf(config);
  const id = config.client_id ?? text(Deno.env.get(ID_VARIABLE)?.trim());
  const secret = config.client_secret ??
    text(Deno.env.get(SECRET_VARIABLE)?.trim());
  if (id === undefined || secret === undefined) {
    throw new Error(
      `Cannot list accounts: client_id and client_secret, or ${ID_VARIABLE} and ${SECRET_VARIABLE}, are needed`,
    );
  }
  const onelogin = new Onelogin({
    ...surroundings,
    endpoint,
    credentials: { id, secret },
    signal,
  });
  return {
    accounts: [{
      id: await onelogin.logIn(),
      name: new URL(endpoint).hostname,
      credentials: { id, secret },
    }],
  };
}

async function collect(
  context: CollectContext<OneloginConfig>,
  surroundings: OneloginSurroundings,
): Promise<void> {
  const { account, config, scope, signal } = context;
  const endpoint = endpointOf(config);
  const { id, secret } = account.credentials ?? {};
  const onelogin = new Onelogin({
    ...surroundings,
    endpoint,
    credentials: { id: String(id), secret: String(secret) },
    signal,
  });
  const own = await onelogin.logIn();
  if (own !== account.id) {
    throw new OneloginError("POST /auth/oauth2/v2/token", {
      code: "account_changed",
      message: `the credentials are of ${own}, expected ${account.id}`,
    });
  }
  await scope({ kind: "onelogin_account" }, (found) => {
    const url = { url: endpoint };
    return found.node({
      id: account.id,
      reported: reported(url, ACCOUNT_FIELDS, { name: account.name }),
    });
  });
  await scope(
    { kind: "onelogin_group" },
    (found) => listGroups(onelogin, found),
  );
  await scope({ kind: "onelogin_user" }, (found) => listUsers(onelogin, found));
  await scope(
    { kind: "onelogin_app" },
    (found) => listApps(onelogin, context, found),
  );
  await scope({ kind: "onelogin_role" }, (found) => listRoles(onelogin, found));
}

/** Makes the plugin; tests give it other surroundings. */
export function oneloginPlugin(
  surroundings: OneloginSurroundings = {},
): CollectorDefinition<OneloginConfig> {
  const net = [{ config: "endpoint" }];
  return definePlugin({
    name: "onelogin",
    version: "1.0.0",
    description: "Collects users, apps, roles and groups of OneLogin",
    containers: { account: "onelogin_account", region: "onelogin_region" },
    kinds: KINDS,
    config: { parse: readConfig },
    configSchema: CONFIG_SCHEMA,
    permissions: {
      accounts: { net, env: [ID_VARIABLE, SECRET_VARIABLE] },
      collect: { net },
    },
    isConfigured: ({ endpoint }) => endpoint !== undefined,
    accounts: (context) => listAccounts(context, surroundings),
    collect: (context) => collect(context, surroundings),
  });
}

const plugin: CollectorDefinition<OneloginConfig> = oneloginPlugin();

export default plugin;
