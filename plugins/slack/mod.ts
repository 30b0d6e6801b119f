/**
 * Collects a Slack workspace: its members, conversations and user groups.
 *
 * One file, so that it can be published as it is. It reads and never writes.
 *
 * @module
 */

import {
  type Account,
  type AccountList,
  type AccountsContext,
  type CollectContext,
  type CollectorDefinition,
  definePlugin,
  type Json,
  type JsonObject,
  type KindDeclaration,
  type ScopeWriter,
} from "@skymap/lib/plugin";

/** Configuration of the plugin. */
export interface SlackConfig {
  /** Bot or user token. Default: `SLACK_TOKEN` of the environment. */
  readonly token?: string;
  /** Id of the workspace, for a token of a whole organisation. */
  readonly team?: string;
  /** Address of the API. */
  readonly endpoint: string;
  /** Types of conversations to list. */
  readonly conversation_types: readonly string[];
  /** Whether the members of each conversation are listed, one call each. */
  readonly conversation_members: boolean;
}

/** What the plugin takes from the world around it. */
export interface SlackSurroundings {
  /** Waits before another try. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds until an answer is there. Default: 30,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_ENDPOINT = "https://slack.com/api";
const TOKEN_VARIABLE = "SLACK_TOKEN";
const CONVERSATION_TYPES = ["public_channel", "private_channel", "mpim", "im"];

/** The size of a page that Slack recommends. */
const PAGE_SIZE = "200";
/** Tries of one call in all. */
const ATTEMPTS = 6;
/** Longest pause that is waited for; a call that needs more has failed. */
const MAX_WAIT_MS = 300_000;

/** Scope that each method needs, as its page says. */
const SCOPES: Readonly<Record<string, string>> = {
  "team.info": "team:read",
  "users.list": "users:read",
  "conversations.list": "channels:read,groups:read,im:read,mpim:read",
  "conversations.members": "channels:read,groups:read,im:read,mpim:read",
  "usergroups.list": "usergroups:read",
};

/** Errors that another scope or another token would cure. */
const PERMISSION_ERRORS: ReadonlySet<string> = new Set([
  "access_denied",
  "missing_scope",
  "no_permission",
  "not_allowed_token_type",
  "team_access_not_granted",
]);

/** Errors that may be gone when the call is made again. */
const PASSING_ERRORS: ReadonlySet<string> = new Set([
  "fatal_error",
  "internal_error",
  "ratelimited",
  "request_timeout",
  "service_unavailable",
]);

/** A property: its kind, where Slack has it, and how it is read. */
interface Field {
  readonly kind: string;
  readonly from: string;
  readonly read?: (value: Json) => Json | undefined;
  readonly description?: string;
}

function field(kind: string, from: string, description?: string): Field {
  return { kind, from, ...(description !== undefined && { description }) };
}

const TEAM_FIELDS: Readonly<Record<string, Field>> = {
  domain: field("string", "domain", "First label of its address"),
  email_domain: field("string", "email_domain", "Whose addresses may join"),
  enterprise_id: field("string", "enterprise_id"),
  enterprise_name: field("string", "enterprise_name"),
};

const USER_FIELDS: Readonly<Record<string, Field>> = {
  team_id: field("string", "team_id", "Workspace that it belongs to"),
  real_name: field("string", "profile.real_name"),
  display_name: field("string", "profile.display_name"),
  email: field("string", "profile.email", "Needs users:read.email"),
  title: field("string", "profile.title"),
  deleted: field("boolean", "deleted", "Whether it was deactivated"),
  is_admin: field("boolean", "is_admin"),
  is_owner: field("boolean", "is_owner"),
  is_primary_owner: field("boolean", "is_primary_owner"),
  is_restricted: field("boolean", "is_restricted", "Whether it is a guest"),
  is_ultra_restricted: field(
    "boolean",
    "is_ultra_restricted",
    "Whether it is a guest of one conversation",
  ),
  is_bot: field("boolean", "is_bot"),
  is_app_user: field("boolean", "is_app_user"),
  has_2fa: field("boolean", "has_2fa", "Seen by tokens of administrators"),
  timezone: field("string", "tz"),
};

const CONVERSATION_FIELDS: Readonly<Record<string, Field>> = {
  is_private: field("boolean", "is_private"),
  is_archived: field("boolean", "is_archived"),
  is_general: field("boolean", "is_general"),
  is_shared: field("boolean", "is_shared"),
  is_ext_shared: field(
    "boolean",
    "is_ext_shared",
    "Whether another organisation takes part",
  ),
  is_org_shared: field("boolean", "is_org_shared"),
  num_members: field("int64", "num_members"),
  creator: field("string", "creator", "Id of the member who made it"),
  user: field("string", "user", "Id of the other side of a direct message"),
  topic: field("string", "topic.value"),
  purpose: field("string", "purpose.value"),
  previous_names: field("string[]", "previous_names"),
};

const USERGROUP_FIELDS: Readonly<Record<string, Field>> = {
  handle: field("string", "handle"),
  description: field("string", "description"),
  user_count: {
    ...field("int64", "user_count"),
    // A text in some answers, a number in others.
    read: (value) => value === "" ? undefined : Number(value),
  },
  is_external: field("boolean", "is_external"),
  auto_type: field("string", "auto_type"),
  created_by: field("string", "created_by"),
  updated_by: field("string", "updated_by"),
};

function kind(
  name: string,
  base: string,
  description: string,
  fields: Readonly<Record<string, Field>>,
  more: KindDeclaration["properties"] = {},
): KindDeclaration {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { kind, description }]) => [
      name,
      { kind, ...(description !== undefined && { description }) },
    ]),
  );
  return {
    name,
    bases: [base],
    description,
    properties: { ...properties, ...more },
  };
}

/** What a workspace has. */
const KINDS: readonly KindDeclaration[] = [
  kind("slack_team", "account", "A workspace", TEAM_FIELDS),
  kind("slack_region", "region", "Slack has no regions", {}),
  kind("slack_user", "user", "A member, guest or bot", USER_FIELDS),
  kind(
    "slack_conversation",
    "resource",
    "A channel or direct message",
    CONVERSATION_FIELDS,
    { conversation_type: { kind: "slack_conversation_type" } },
  ),
  { name: "slack_conversation_type", enum: CONVERSATION_TYPES },
  kind(
    "slack_usergroup",
    "group",
    "Members that are mentioned together",
    USERGROUP_FIELDS,
    {
      disabled: { kind: "boolean" },
      disabled_at: { kind: "datetime" },
    },
  ),
];

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function valueAt(item: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = item;
  for (const step of path.split(".")) {
    value = isObject(value) ? value[step] : undefined;
  }
  return value;
}

/** Seconds since 1970 as a time; Slack writes 0 for never. */
function time(seconds: Json | undefined): string | undefined {
  return typeof seconds === "number" && seconds > 0
    ? new Date(seconds * 1000).toISOString()
    : undefined;
}

/** The properties that are there; Slack writes null or "" for what is not. */
function reported(
  item: JsonObject,
  fields: Readonly<Record<string, Field>>,
  more: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const found: [string, Json | undefined][] = Object.entries(fields).map((
    [name, { from, read }],
  ) => {
    const value = valueAt(item, from);
    const isThere = value !== undefined && value !== null;
    return [name, isThere && read !== undefined ? read(value) : value];
  });
  return Object.fromEntries(
    [...found, ...Object.entries(more)].filter(([, value]) =>
      value !== undefined && value !== null && value !== ""
    ),
  ) as JsonObject;
}

/** A call that failed, as the failed scope keeps it. */
class SlackError extends Error {
  /** Slack's own code, `http_NNN`, or one of ours. */
  readonly code: string;
  /** The scope that is missing. */
  readonly permission?: string;
  /** Whether to call again: after some milliseconds, or when it suits. */
  readonly again?: number | "soon";

  constructor(
    method: string,
    { code, message, permission, again, cause }: {
      readonly code: string;
      readonly message?: string;
      readonly permission?: string | undefined;
      readonly again?: number | "soon";
      readonly cause?: unknown;
    },
  ) {
    super(
      `Cannot call ${method}: ${code}${message ? `: ${message}` : ""}`,
      cause === undefined ? {} : { cause },
    );
    this.name = "SlackError";
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

/** An answer, and what its headers say of the token. */
interface Answer {
  readonly body: JsonObject;
  /** Scopes of the token, when Slack tells them. */
  readonly scopes?: readonly string[];
}

/** Calls the Web API: one call after the other, as its limits want it. */
class Slack {
  readonly #endpoint: string;
  readonly #token: string;
  readonly #signal: AbortSignal;
  readonly #wait: NonNullable<SlackSurroundings["wait"]>;
  readonly #timeoutMs: number;

  constructor(
    { endpoint, token, signal, wait = pause, timeoutMs = 30_000 }:
      & SlackSurroundings
      & {
        readonly endpoint: string;
        readonly token: string;
        readonly signal: AbortSignal;
      },
  ) {
    this.#endpoint = endpoint;
    this.#token = token;
    this.#signal = signal;
    this.#wait = wait;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Calls a method, again when Slack says to come back.
   *
   * Limits: https://docs.slack.dev/apis/web-api/rate-limits
   */
  async call(
    method: string,
    query: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#try(method, query);
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!(error instanceof SlackError)) throw error;
        const { again } = error;
        if (again === undefined || attempt === ATTEMPTS) throw error;
        const pauseMs = again === "soon" ? backOff(attempt) : again;
        if (pauseMs > MAX_WAIT_MS) throw error;
        await this.#wait(pauseMs, this.#signal);
      }
    }
  }

  async #try(
    method: string,
    query: Readonly<Record<string, string>>,
  ): Promise<Answer> {
    const parameters = new URLSearchParams(query);
    let response: Response;
    let body: string;
    try {
      response = await fetch(`${this.#endpoint}/${method}?${parameters}`, {
        headers: {
          accept: "application/json",
          authorization: `Bearer ${this.#token}`,
        },
        // A token is for the host that the operator allowed, and no other.
        redirect: "manual",
        signal: AbortSignal.any([
          this.#signal,
          AbortSignal.timeout(this.#timeoutMs),
        ]),
      });
      body = await response.text();
    } catch (cause) {
      const isLate = cause instanceof Error && cause.name === "TimeoutError";
      throw new SlackError(method, {
        code: isLate ? "timed_out" : "connection_failed",
        message: isLate ? `no answer within ${this.#timeoutMs} ms` : "",
        again: "soon",
        ...(!isLate && { cause }),
      });
    }
    return this.#read(method, response, body);
  }

  #read(method: string, response: Response, body: string): Answer {
    const { status, headers } = response;
    if (status === 429) {
      const seconds = Number(headers.get("retry-after") ?? Number.NaN);
      throw new SlackError(method, {
        code: "ratelimited",
        message: Number.isFinite(seconds) ? `wants ${seconds} s` : "",
        again: Number.isFinite(seconds) ? seconds * 1000 : "soon",
      });
    }
    if (status !== 200) {
      throw new SlackError(method, {
        code: `http_${status}`,
        ...(status >= 500 && { again: "soon" }),
      });
    }
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      // What is no JSON is not repeated: nobody knows what it holds.
    }
    if (!isObject(answer) || typeof answer["ok"] !== "boolean") {
      throw new SlackError(method, {
        code: "answer_malformed",
        message: "the answer is no JSON object with ok",
      });
    }
    if (answer["ok"] !== true) throw this.#refusal(method, answer);
    const scopes = headers.get("x-oauth-scopes");
    return {
      body: answer,
      ...(scopes !== null && { scopes: scopes.split(/\s*,\s*/) }),
    };
  }

  /** Errors: https://docs.slack.dev/apis/web-api/ */
  #refusal(method: string, answer: JsonObject): SlackError {
    const code = this.#hide(text(answer["error"]) ?? "unknown_error");
    const needed = text(answer["needed"]);
    const provided = text(answer["provided"]);
    const parts = [
      ...(needed === undefined ? [] : [`needs ${needed}`]),
      ...(provided === undefined ? [] : [`the token has ${provided}`]),
    ];
    const permission = needed ??
      (PERMISSION_ERRORS.has(code) ? SCOPES[method] : undefined);
    return new SlackError(method, {
      code,
      message: this.#hide(parts.join(", ")),
      permission: permission && this.#hide(permission),
      ...(PASSING_ERRORS.has(code) && { again: "soon" }),
    });
  }

  #hide(told: string): string {
    return told.replaceAll(this.#token, "[token]");
  }

  /**
   * The items of a listing, page by page.
   *
   * Pages: https://docs.slack.dev/apis/web-api/pagination
   */
  async *list(
    method: string,
    key: string,
    query: Readonly<Record<string, string>>,
    onAnswer: (answer: Answer) => void = () => {},
  ): AsyncGenerator<Json> {
    const cursors = new Set<string>();
    const seen = new Set<string>();
    for (let cursor: string | undefined = "";;) {
      const answer: Answer = await this.call(method, {
        ...query,
        limit: PAGE_SIZE,
        ...(cursor !== "" && { cursor }),
      });
      onAnswer(answer);
      for (const item of itemsOf(method, key, answer.body)) {
        const id = text(isObject(item) ? item["id"] : item);
        // While pages are read, an item may move from one to the next.
        if (id !== undefined && seen.has(id)) continue;
        if (id !== undefined) seen.add(id);
        yield item;
      }
      cursor = text(valueAt(answer.body, "response_metadata.next_cursor"));
      if (cursor === undefined) return;
      if (cursors.has(cursor)) {
        throw new SlackError(method, {
          code: "answer_incomplete",
          message: "the same page follows itself",
        });
      }
      cursors.add(cursor);
    }
  }
}

function itemsOf(
  method: string,
  key: string,
  body: JsonObject,
): readonly Json[] {
  const items = body[key];
  if (Array.isArray(items)) return items as readonly Json[];
  throw new SlackError(method, {
    code: "answer_malformed",
    message: `${key} is no list`,
  });
}

/** An item and its id; without one the listing cannot be trusted. */
function identified(method: string, item: Json): [string, JsonObject] {
  const id = isObject(item) ? text(item["id"]) : undefined;
  if (!isObject(item) || id === undefined) {
    throw new SlackError(method, {
      code: "answer_malformed",
      message: "an item has no id",
    });
  }
  return [id, item];
}

function ids(value: Json | undefined): string[] {
  return Array.isArray(value)
    ? value.filter((each): each is string => text(each) !== undefined)
    : [];
}

/** https://docs.slack.dev/reference/methods/team.info */
async function listTeam(
  slack: Slack,
  team: Account,
  found: ScopeWriter,
): Promise<void> {
  const { body } = await slack.call("team.info", { team: team.id });
  const [id, item] = identified("team.info", body["team"] ?? null);
  if (id !== team.id) {
    throw new SlackError("team.info", {
      code: "answer_malformed",
      message: `asked for ${team.id}, got ${id}`,
    });
  }
  await found.node({
    id,
    reported: reported(item, TEAM_FIELDS, { name: text(item["name"]) }),
  });
}

/** https://docs.slack.dev/reference/methods/users.list */
async function listUsers(
  slack: Slack,
  { account, issue }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  let seesEmail = true;
  const members = slack.list(
    "users.list",
    "members",
    { team_id: account.id },
    ({ scopes }) => seesEmail = scopes?.includes("users:read.email") ?? true,
  );
  for await (const member of members) {
    const [id, item] = identified("users.list", member);
    await found.node({
      id,
      reported: reported(item, USER_FIELDS, {
        name: text(item["name"]),
        mtime: time(item["updated"]),
      }),
    });
  }
  if (!seesEmail) {
    issue("warning", "Members have no email: needs users:read.email", {
      permission: "users:read.email",
    });
  }
}

function conversationType(item: JsonObject): string {
  if (item["is_im"] === true) return "im";
  if (item["is_mpim"] === true) return "mpim";
  return item["is_private"] === true ? "private_channel" : "public_channel";
}

/**
 * https://docs.slack.dev/reference/methods/conversations.list and, when it is
 * wanted, https://docs.slack.dev/reference/methods/conversations.members
 */
async function listConversations(
  slack: Slack,
  { account, config }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  const channels = slack.list("conversations.list", "channels", {
    team_id: account.id,
    types: config.conversation_types.join(","),
    exclude_archived: "false",
  });
  for await (const channel of channels) {
    const [id, item] = identified("conversations.list", channel);
    const updated = item["updated"];
    await found.node({
      id,
      reported: reported(item, CONVERSATION_FIELDS, {
        name: text(item["name"]) ?? id,
        conversation_type: conversationType(item),
        ctime: time(item["created"]),
        // In milliseconds, unlike every other time.
        mtime: typeof updated === "number" ? time(updated / 1000) : undefined,
      }),
    });
    if (!config.conversation_members || item["is_archived"] === true) continue;
    const members = slack.list("conversations.members", "members", {
      channel: id,
    });
    for await (const member of members) {
      for (const user of ids([member])) {
        await found.edge({
          from: { kind: "slack_conversation", id },
          to: { kind: "slack_user", id: user },
        });
      }
    }
  }
}

/** https://docs.slack.dev/reference/methods/usergroups.list */
async function listUsergroups(
  slack: Slack,
  { account, issue }: CollectContext<SlackConfig>,
  found: ScopeWriter,
): Promise<void> {
  const method = "usergroups.list";
  let answer: Answer;
  try {
    answer = await slack.call(method, {
      team_id: account.id,
      include_count: "true",
      include_disabled: "true",
      include_users: "true",
    });
  } catch (error) {
    // No failure: a workspace of this plan has no user groups at all.
    if (
      error instanceof SlackError &&
      ["plan_upgrade_required", "paid_teams_only"].includes(error.code)
    ) return issue("info", "The workspace's plan has no user groups");
    throw error;
  }
  for (const group of itemsOf(method, "usergroups", answer.body)) {
    const [id, item] = identified(method, group);
    const disabledAt = time(item["date_delete"]);
    const from = { kind: "slack_usergroup", id };
    await found.node({
      id,
      reported: reported(item, USERGROUP_FIELDS, {
        name: text(item["name"]),
        ctime: time(item["date_create"]),
        mtime: time(item["date_update"]),
        disabled: disabledAt !== undefined,
        disabled_at: disabledAt,
      }),
    });
    for (const user of ids(item["users"])) {
      await found.edge({ from, to: { kind: "slack_user", id: user } });
    }
    const joined = [
      ...ids(valueAt(item, "prefs.channels")),
      ...ids(valueAt(item, "prefs.groups")),
    ];
    for (const channel of joined) {
      const to = { kind: "slack_conversation", id: channel };
      await found.edge({ from, to });
    }
  }
}

function faults(config: JsonObject): string[] {
  const known = [
    "token",
    "team",
    "endpoint",
    "conversation_types",
    "conversation_members",
  ];
  const found = Object.keys(config).filter((name) => !known.includes(name))
    .map((name) => `there is no "${name}", only ${known.join(", ")}`);
  const { token, team, endpoint, conversation_types, conversation_members } =
    config;
  if (
    token !== undefined &&
    !(typeof token === "string" && /^[\x21-\x7e]+$/.test(token))
  ) found.push('"token" is no token');
  if (team !== undefined && text(team) === undefined) {
    found.push('"team" is no id of a workspace');
  }
  if (
    endpoint !== undefined &&
    !(typeof endpoint === "string" && URL.canParse(endpoint) &&
      /^https?:$/.test(new URL(endpoint).protocol))
  ) found.push('"endpoint" is no http(s) URL');
  const types = conversation_types === undefined
    ? CONVERSATION_TYPES
    : [conversation_types].flat();
  if (
    types.length === 0 ||
    !types.every((each) => CONVERSATION_TYPES.includes(String(each)))
  ) {
    found.push(
      `"conversation_types" holds others than ${CONVERSATION_TYPES.join(", ")}`,
    );
  }
  if (
    conversation_members !== undefined &&
    typeof conversation_members !== "boolean"
  ) found.push('"conversation_members" is neither true nor false');
  return found;
}

/** Reads the configuration; throws with every fault, and never with the token. */
function readConfig(value: unknown): SlackConfig {
  const config = value ?? {};
  if (!isObject(config)) {
    throw new TypeError("Cannot read the configuration: it is no object");
  }
  const found = faults(config);
  if (found.length > 0) {
    throw new RangeError(`Cannot read the configuration: ${found.join("; ")}`);
  }
  const { token, team, endpoint = DEFAULT_ENDPOINT } = config;
  return {
    ...(token !== undefined && { token: String(token) }),
    ...(team !== undefined && { team: String(team) }),
    endpoint: String(endpoint).replace(/\/+$/, ""),
    conversation_types: [config["conversation_types"] ?? CONVERSATION_TYPES]
      .flat().map(String),
    conversation_members: config["conversation_members"] === true,
  };
}

const CONFIG_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  properties: {
    token: {
      type: "string",
      description:
        `Bot or user token. Default: ${TOKEN_VARIABLE} of the worker`,
    },
    team: {
      type: "string",
      description: "Id of the workspace, for a token of an organisation",
    },
    endpoint: {
      type: "string",
      format: "uri",
      default: DEFAULT_ENDPOINT,
      description: "Address of the API, such as https://slack-gov.com/api",
    },
    conversation_types: {
      type: "array",
      items: { enum: CONVERSATION_TYPES },
      default: CONVERSATION_TYPES,
      description: "Types of conversations to list",
    },
    conversation_members: {
      type: "boolean",
      default: false,
      description: "Whether each conversation's members are listed",
    },
  },
};

/** https://docs.slack.dev/reference/methods/auth.test */
async function listAccounts(
  { config, signal }: AccountsContext<SlackConfig>,
  surroundings: SlackSurroundings,
): Promise<AccountList> {
  const token = config.token ?? text(Deno.env.get(TOKEN_VARIABLE)?.trim());
  if (token === undefined) {
    throw new Error(
      `Cannot list workspaces: there is neither "token" nor ${TOKEN_VARIABLE}`,
    );
  }
  const { endpoint, team } = config;
  const slack = new Slack({ ...surroundings, endpoint, token, signal });
  const { body } = await slack.call("auth.test", {});
  if (team === undefined && body["is_enterprise_install"] === true) {
    throw new SlackError("auth.test", {
      code: "team_missing",
      message:
        'the token is of a whole organisation, "team" has to name a workspace',
    });
  }
  const ownId = text(body["team_id"]);
  const id = team ?? ownId;
  if (id === undefined) {
    throw new SlackError("auth.test", {
      code: "answer_malformed",
      message: "team_id is missing",
    });
  }
  const name = id === ownId ? text(body["team"]) : undefined;
  return {
    accounts: [{
      id,
      ...(name !== undefined && { name }),
      credentials: { token },
    }],
  };
}

async function collect(
  context: CollectContext<SlackConfig>,
  surroundings: SlackSurroundings,
): Promise<void> {
  const { account, config, scope, signal } = context;
  const slack = new Slack({
    ...surroundings,
    endpoint: config.endpoint,
    token: String(account.credentials?.["token"]),
    signal,
  });
  await scope(
    { kind: "slack_team" },
    (found) => listTeam(slack, account, found),
  );
  await scope(
    { kind: "slack_user" },
    (found) => listUsers(slack, context, found),
  );
  await scope(
    { kind: "slack_conversation" },
    (found) => listConversations(slack, context, found),
  );
  await scope(
    { kind: "slack_usergroup" },
    (found) => listUsergroups(slack, context, found),
  );
}

/** Makes the plugin; tests give it other surroundings. */
export function slackPlugin(
  surroundings: SlackSurroundings = {},
): CollectorDefinition<SlackConfig> {
  const net = ["slack.com:443", { config: "endpoint" }];
  return definePlugin({
    name: "slack",
    version: "1.0.0",
    description: "Collects members, conversations and user groups of Slack",
    containers: { account: "slack_team", region: "slack_region" },
    kinds: KINDS,
    config: { parse: readConfig },
    configSchema: CONFIG_SCHEMA,
    permissions: {
      accounts: { net, env: [TOKEN_VARIABLE] },
      collect: { net },
    },
    accounts: (context) => listAccounts(context, surroundings),
    collect: (context) => collect(context, surroundings),
  });
}

const plugin: CollectorDefinition<SlackConfig> = slackPlugin();

export default plugin;
