/**
 * Collects organisations of GitHub: their repositories, members and teams.
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
  mapConcurrent,
  type PropertyDeclaration,
  type ScopeWriter,
} from "@skymap/lib/plugin";

/** Configuration of the plugin. */
export interface GithubConfig {
  /** Token of any type. Default: `GITHUB_TOKEN` of the environment. */
  readonly token?: string;
  /** Logins of the organisations. Default: those that the token's user is in. */
  readonly org: readonly string[];
  /** Address of the API; of an Enterprise Server `https://HOST/api/v3`. */
  readonly endpoint: string;
  /** Which repositories are listed. */
  readonly visibility: "all" | "public";
  /** Whether members and repositories of each team are listed, two calls each. */
  readonly team_details: boolean;
}

/** What the plugin takes from the world around it. */
export interface GithubSurroundings {
  /** Waits before another try. */
  readonly wait?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds until an answer is there. Default: 30,000. */
  readonly timeoutMs?: number;
}

const DEFAULT_ENDPOINT = "https://api.github.com";
const TOKEN_VARIABLE = "GITHUB_TOKEN";

/** The largest page that there is. */
const PAGE_SIZE = "100";
/** Tries of one call in all. */
const ATTEMPTS = 6;
/** Longest pause that is waited for; a call that needs more has failed. */
const MAX_WAIT_MS = 900_000;
/** Calls side by side; more would meet the secondary limits. */
const CALLS = 4;

/** A property: what it is, and where GitHub has it. */
interface Field extends PropertyDeclaration {
  readonly from: string;
}

function field(kind: string, from: string, description?: string): Field {
  return { kind, from, ...(description !== undefined && { description }) };
}

/** A property that changes so often that it makes no history. */
function restless(kind: string, from: string, description?: string): Field {
  return { ...field(kind, from, description), ignoreHistory: true };
}

const ORG_FIELDS: Readonly<Record<string, Field>> = {
  description: field("string", "description"),
  company: field("string", "company"),
  blog: field("string", "blog"),
  location: field("string", "location"),
  email: field("string", "email"),
  url: field("string", "html_url"),
  is_verified: field("boolean", "is_verified", "Whether it owns its domain"),
  public_repos: field("int64", "public_repos"),
  total_private_repos: field("int64", "total_private_repos"),
  two_factor_required: field("boolean", "two_factor_requirement_enabled"),
  default_repository_permission: field(
    "string",
    "default_repository_permission",
    "What members may do with every repository",
  ),
  members_can_create_repositories: field(
    "boolean",
    "members_can_create_repositories",
  ),
  members_can_create_public_repositories: field(
    "boolean",
    "members_can_create_public_repositories",
  ),
  plan: field("string", "plan.name"),
  seats: field("int64", "plan.seats"),
  filled_seats: field("int64", "plan.filled_seats"),
};

const REPOSITORY_FIELDS: Readonly<Record<string, Field>> = {
  full_name: field("string", "full_name"),
  description: field("string", "description"),
  url: field("string", "html_url"),
  homepage: field("string", "homepage"),
  visibility: field("string", "visibility", "public, private or internal"),
  is_private: field("boolean", "private"),
  is_fork: field("boolean", "fork"),
  is_archived: field("boolean", "archived"),
  is_disabled: field("boolean", "disabled"),
  is_template: field("boolean", "is_template"),
  default_branch: field("string", "default_branch"),
  language: field("string", "language"),
  license: field("string", "license.spdx_id"),
  topics: field("string[]", "topics"),
  has_issues: field("boolean", "has_issues"),
  has_wiki: field("boolean", "has_wiki"),
  has_pages: field("boolean", "has_pages"),
  has_discussions: field("boolean", "has_discussions"),
  allow_forking: field("boolean", "allow_forking"),
  web_commit_signoff_required: field("boolean", "web_commit_signoff_required"),
  secret_scanning: field(
    "string",
    "security_and_analysis.secret_scanning.status",
    "enabled or disabled; seen by administrators",
  ),
  secret_scanning_push_protection: field(
    "string",
    "security_and_analysis.secret_scanning_push_protection.status",
  ),
  dependabot_security_updates: field(
    "string",
    "security_and_analysis.dependabot_security_updates.status",
  ),
  size: restless("int64", "size", "In kilobytes"),
  stargazers_count: restless("int64", "stargazers_count"),
  forks_count: restless("int64", "forks_count"),
  open_issues_count: restless("int64", "open_issues_count"),
  pushed_at: restless("datetime", "pushed_at"),
};

const USER_FIELDS: Readonly<Record<string, Field>> = {
  url: field("string", "html_url"),
  user_type: field("string", "type"),
  site_admin: field("boolean", "site_admin"),
};

const TEAM_FIELDS: Readonly<Record<string, Field>> = {
  slug: field("string", "slug"),
  description: field("string", "description"),
  url: field("string", "html_url"),
  privacy: field("string", "privacy", "closed, or secret to others"),
  notification_setting: field("string", "notification_setting"),
  permission: field("string", "permission", "Default for its repositories"),
};

function kind(
  name: string,
  base: string,
  description: string,
  fields: Readonly<Record<string, Field>>,
  more: Readonly<Record<string, PropertyDeclaration>> = {},
): KindDeclaration {
  const properties = Object.fromEntries(
    Object.entries(fields).map(([name, { from: _, ...declaration }]) => [
      name,
      declaration,
    ]),
  );
  return {
    name,
    bases: [base],
    description,
    properties: { ...properties, ...more },
  };
}

/** What an organisation has. */
const KINDS: readonly KindDeclaration[] = [
  kind("github_org", "account", "An organisation", ORG_FIELDS, {
    number: { kind: "string", description: "Its id, which outlives its name" },
  }),
  kind("github_region", "region", "GitHub has no regions", {}),
  kind("github_repository", "resource", "A repository", REPOSITORY_FIELDS),
  kind("github_user", "user", "A member", USER_FIELDS, {
    role: { kind: "string", description: "admin or member" },
  }),
  kind("github_team", "group", "Members with common rights", TEAM_FIELDS),
];

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** An id, which GitHub writes as a number. */
function idOf(value: unknown): string | undefined {
  return typeof value === "number" && Number.isSafeInteger(value)
    ? String(value)
    : undefined;
}

function valueAt(item: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = item;
  for (const step of path.split(".")) {
    value = isObject(value) ? value[step] : undefined;
  }
  return value;
}

/** The properties that are there; GitHub writes null or "" for what is not. */
function reported(
  item: JsonObject,
  fields: Readonly<Record<string, Field>>,
  more: Readonly<Record<string, Json | undefined>>,
): JsonObject {
  const found = Object.entries(fields).map(([name, { from }]) =>
    [name, valueAt(item, from)] as const
  );
  return Object.fromEntries(
    [...found, ...Object.entries(more)].filter(([, value]) =>
      value !== undefined && value !== null && value !== ""
    ),
  ) as JsonObject;
}

/** A call that failed, as the failed scope keeps it. */
class GithubError extends Error {
  /** `forbidden`, `not_found`, `sso_required`, `http_NNN` and others of ours. */
  readonly code: string;
  /** The scope or permission that the token lacks. */
  readonly permission?: string;
  /** Milliseconds after which to call again; undefined for never. */
  readonly again?: (attempt: number) => number;

  constructor(
    call: string,
    { code, message = "", permission, again, cause }: {
      readonly code: string;
      readonly message?: string;
      readonly permission?: string | undefined;
      readonly again?: (attempt: number) => number;
      readonly cause?: unknown;
    },
  ) {
    super(
      `Cannot call ${call}: ${code}${message === "" ? "" : `: ${message}`}`,
      cause === undefined ? {} : { cause },
    );
    this.name = "GithubError";
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

/** 1, 2, 4 … minutes, as the secondary limits want it. */
function minutes(attempt: number): number {
  return 60_000 * 2 ** (attempt - 1);
}

function words(header: string | null): string[] {
  return (header ?? "").split(",").map((word) => word.trim()).filter(Boolean);
}

/**
 * When to come back after a refusal for calling too often; undefined when it is
 * another refusal.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function limitOf(
  headers: Headers,
  message: string,
): ((attempt: number) => number) | undefined {
  const told = Number(headers.get("retry-after") ?? Number.NaN);
  if (Number.isFinite(told)) return () => told * 1000;
  const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
  if (headers.get("x-ratelimit-remaining") === "0" && Number.isFinite(reset)) {
    // By the clock of the server: ours may be wrong.
    const date = Date.parse(headers.get("date") ?? "");
    const now = Number.isNaN(date) ? Date.now() : date;
    return () => Math.max(0, reset * 1000 - now) + 1000;
  }
  return /rate limit|abuse detection/i.test(message) ? minutes : undefined;
}

/**
 * What the token lacks, when that is the reason of a refusal.
 *
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
function lackOf(
  headers: Headers,
  scope: string,
): { readonly permission?: string; readonly told: readonly string[] } {
  const accepted = words(headers.get("x-accepted-oauth-scopes"));
  if (!headers.has("x-oauth-scopes")) {
    const permission = headers.get("x-accepted-github-permissions") ?? scope;
    return { permission, told: [`needs ${permission}`] };
  }
  const held = words(headers.get("x-oauth-scopes"));
  if (held.includes(scope) || accepted.some((each) => held.includes(each))) {
    return { told: [] };
  }
  const has = held.length === 0 ? "none" : held.join(", ");
  return {
    permission: scope,
    told: [
      `needs ${
        accepted.length === 0 ? scope : `one of ${accepted.join(", ")}`
      }`,
      `the token has ${has}`,
    ],
  };
}

interface Answer {
  readonly body: unknown;
  readonly headers: Headers;
}

/** A call of the API. */
interface Call {
  /** Path below the endpoint. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  /** The least scope of a classic token that it needs. */
  readonly scope: string;
}

/** Calls the REST API. */
class Github {
  readonly #endpoint: string;
  readonly #token: string;
  readonly #signal: AbortSignal;
  readonly #wait: NonNullable<GithubSurroundings["wait"]>;
  readonly #timeoutMs: number;

  constructor(
    { endpoint, token, signal, wait = pause, timeoutMs = 30_000 }:
      & GithubSurroundings
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

  /** Calls, again when GitHub says to come back. */
  async get({ path, query = {}, scope }: Call): Promise<Answer> {
    const parameters = new URLSearchParams(query).toString();
    const suffix = parameters === "" ? "" : `?${parameters}`;
    return await this.#get(path, `${this.#endpoint}${path}${suffix}`, scope);
  }

  async #get(path: string, url: string, scope: string): Promise<Answer> {
    for (let attempt = 1;; attempt++) {
      try {
        return await this.#try(`GET ${path}`, url, scope);
      } catch (error) {
        this.#signal.throwIfAborted();
        if (!(error instanceof GithubError)) throw error;
        const pauseMs = error.again?.(attempt);
        if (
          pauseMs === undefined || pauseMs > MAX_WAIT_MS || attempt === ATTEMPTS
        ) throw error;
        await this.#wait(pauseMs, this.#signal);
      }
    }
  }

  async #try(call: string, url: string, scope: string): Promise<Answer> {
    let response: Response;
    let body: string;
    try {
      response = await fetch(url, {
        headers: {
          accept: "application/vnd.github+json",
          authorization: `Bearer ${this.#token}`,
          "user-agent": "skymap",
          "x-github-api-version": "2022-11-28",
        },
        // Whoever is no member is led to the public part of a listing: that is
        // another answer than the one that was asked for.
        redirect: "manual",
        signal: AbortSignal.any([
          this.#signal,
          AbortSignal.timeout(this.#timeoutMs),
        ]),
      });
      body = await response.text();
    } catch (cause) {
      const isLate = cause instanceof Error && cause.name === "TimeoutError";
      throw new GithubError(call, {
        code: isLate ? "timed_out" : "connection_failed",
        message: isLate ? `no answer within ${this.#timeoutMs} ms` : "",
        again: backOff,
        ...(!isLate && { cause }),
      });
    }
    let answer: unknown;
    try {
      answer = JSON.parse(body);
    } catch {
      // What is no JSON is not repeated: nobody knows what it holds.
    }
    const { status, headers } = response;
    if (status !== 200) {
      const told = isObject(answer) ? text(answer["message"]) ?? "" : "";
      const message = told.replaceAll(this.#token, "[token]");
      throw this.#refusal(call, { status, headers, message, scope });
    }
    if (answer === undefined) {
      throw new GithubError(call, {
        code: "answer_malformed",
        message: "the answer is no JSON",
      });
    }
    return { body: answer, headers };
  }

  #refusal(
    call: string,
    { status, headers, message, scope }: {
      readonly status: number;
      readonly headers: Headers;
      readonly message: string;
      readonly scope: string;
    },
  ): GithubError {
    if (status === 403 || status === 429) {
      const again = limitOf(headers, message) ??
        (status === 429 ? backOff : undefined);
      if (again !== undefined) {
        const reset = Number(headers.get("x-ratelimit-reset") ?? Number.NaN);
        const until = Number.isFinite(reset)
          ? `; the limit is reset at ${new Date(reset * 1000).toISOString()}`
          : "";
        return new GithubError(call, {
          code: "rate_limited",
          message: `${message}${until}`,
          again,
        });
      }
    }
    // The header holds an address for the user alone, so it is not repeated.
    if (headers.get("x-github-sso")?.startsWith("required")) {
      return new GithubError(call, {
        code: "sso_required",
        message:
          "the token has to be authorised for the organisation's single sign-on",
      });
    }
    if (status === 401) {
      return new GithubError(call, { code: "unauthorized", message });
    }
    const isRedirect = status >= 300 && status < 400;
    if (status === 403 || status === 404 || isRedirect) {
      const { permission, told } = lackOf(headers, scope);
      const reasons = [
        ...(message === "" ? [] : [message]),
        ...(status === 404 ? ["it is not there, or must not be seen"] : []),
        ...told,
      ];
      return new GithubError(call, {
        code: isRedirect
          ? `http_${status}`
          : status === 403
          ? "forbidden"
          : "not_found",
        message: reasons.join("; "),
        permission,
      });
    }
    return new GithubError(call, {
      code: `http_${status}`,
      message,
      ...(status >= 500 && { again: backOff }),
    });
  }

  /**
   * The items of a listing, page by page.
   *
   * Pages: https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
   */
  async *list(
    call: Call,
    onAnswer: (answer: Answer) => void = () => {},
  ): AsyncGenerator<[string, JsonObject]> {
    const name = `GET ${call.path}`;
    const query = { ...call.query, per_page: PAGE_SIZE };
    const ids = new Set<string>();
    const urls = new Set<string>();
    let answer = await this.get({ ...call, query });
    for (;;) {
      onAnswer(answer);
      if (!Array.isArray(answer.body)) {
        throw new GithubError(name, {
          code: "answer_malformed",
          message: "the answer is no list",
        });
      }
      for (const item of answer.body as readonly unknown[]) {
        const id = isObject(item) ? idOf(item["id"]) : undefined;
        if (!isObject(item) || id === undefined) {
          throw new GithubError(name, {
            code: "answer_malformed",
            message: "an item has no id",
          });
        }
        // Pages are counted: when one is made meanwhile, another comes twice.
        if (ids.has(id)) continue;
        ids.add(id);
        yield [id, item];
      }
      const url = this.#next(name, answer.headers);
      if (url === undefined) return;
      if (urls.has(url)) {
        throw new GithubError(name, {
          code: "answer_incomplete",
          message: "the same page follows itself",
        });
      }
      urls.add(url);
      answer = await this.#get(call.path, url, call.scope);
    }
  }

  /** Address of the next page. */
  #next(name: string, headers: Headers): string | undefined {
    const link = headers.get("link") ?? "";
    const url = /<([^<>]+)>\s*;[^<]*\brel="?next\b/.exec(link)?.[1];
    if (url === undefined) return undefined;
    const isOurs = URL.canParse(url) &&
      new URL(url).origin === new URL(this.#endpoint).origin;
    if (isOurs) return url;
    throw new GithubError(name, {
      code: "answer_malformed",
      message: "the next page is at another host",
    });
  }
}

function orgPath(org: string, rest = ""): string {
  return `/orgs/${encodeURIComponent(org)}${rest}`;
}

/** https://docs.github.com/en/rest/orgs/orgs#get-an-organization */
async function getOrg(github: Github, org: string): Promise<JsonObject> {
  const path = orgPath(org);
  const { body } = await github.get({ path, scope: "read:org" });
  if (isObject(body) && text(body["login"]) !== undefined) return body;
  throw new GithubError(`GET ${path}`, {
    code: "answer_malformed",
    message: "login is missing",
  });
}

/** Gives how many private repositories the organisation says it has. */
async function listOrg(
  github: Github,
  { account }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<number> {
  const item = await getOrg(github, account.id);
  await found.node({
    id: account.id,
    reported: reported(item, ORG_FIELDS, {
      name: text(item["name"]) ?? account.id,
      number: idOf(item["id"]),
      ctime: item["created_at"],
      mtime: item["updated_at"],
    }),
  });
  return Number(item["total_private_repos"] ?? Number.NaN);
}

/**
 * Gives how many of them are not public.
 *
 * https://docs.github.com/en/rest/repos/repos#list-organization-repositories
 */
async function listRepositories(
  github: Github,
  { account, config }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<number> {
  const path = orgPath(account.id, "/repos");
  let hidden = 0;
  const repositories = github.list({
    path,
    // The oldest first: what is made meanwhile comes last.
    query: { type: config.visibility, sort: "created", direction: "asc" },
    scope: "repo",
  }, ({ headers }) => {
    const held = headers.get("x-oauth-scopes");
    if (config.visibility === "public" || held === null) return;
    if (words(held).includes("repo")) return;
    throw new GithubError(`GET ${path}`, {
      code: "missing_scope",
      message:
        `private repositories need repo, the token has ${held || "none"}; ` +
        'visibility "public" lists the others alone',
      permission: "repo",
    });
  });
  for await (const [id, item] of repositories) {
    if (item["private"] === true) hidden++;
    await found.node({
      id,
      reported: reported(item, REPOSITORY_FIELDS, {
        name: text(item["name"]),
        ctime: item["created_at"],
        mtime: item["updated_at"],
      }),
    });
  }
  return hidden;
}

/** https://docs.github.com/en/rest/orgs/members#list-organization-members */
async function listMembers(
  github: Github,
  { account }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<void> {
  const scope = "read:org";
  // Whoever may not see all members is told the public ones, as if there were
  // no others. The teams need the same right, and are refused without it.
  await github.get({
    path: orgPath(account.id, "/teams"),
    query: { per_page: "1" },
    scope,
  });
  const path = orgPath(account.id, "/members");
  const admins = new Set<string>();
  for await (
    const [id] of github.list({ path, query: { role: "admin" }, scope })
  ) {
    admins.add(id);
  }
  for await (const [id, item] of github.list({ path, scope })) {
    await found.node({
      id,
      reported: reported(item, USER_FIELDS, {
        name: text(item["login"]),
        role: admins.has(id) ? "admin" : "member",
      }),
    });
  }
}

const RIGHTS = ["admin", "maintain", "push", "triage", "pull"];

/** What a team may do with a repository. */
function rightOf(item: JsonObject): JsonObject {
  const right = text(item["role_name"]) ??
    RIGHTS.find((each) => valueAt(item, `permissions.${each}`) === true);
  return right === undefined ? {} : { permission: right };
}

/**
 * https://docs.github.com/en/rest/teams/teams#list-teams and, when it is wanted,
 * https://docs.github.com/en/rest/teams/members#list-team-members and
 * https://docs.github.com/en/rest/teams/teams#list-team-repositories
 */
async function listTeams(
  github: Github,
  { account, config, signal }: CollectContext<GithubConfig>,
  found: ScopeWriter,
): Promise<void> {
  const path = orgPath(account.id, "/teams");
  const scope = "read:org";
  await mapConcurrent(github.list({ path, scope }), async ([id, item]) => {
    const team = { kind: "github_team", id };
    const slug = text(item["slug"]);
    await found.node({
      id,
      reported: reported(item, TEAM_FIELDS, { name: text(item["name"]) }),
    });
    const parent = idOf(valueAt(item, "parent.id"));
    if (parent !== undefined) {
      await found.edge({ from: { kind: "github_team", id: parent }, to: team });
    }
    if (!config.team_details) return;
    if (slug === undefined) {
      throw new GithubError(`GET ${path}`, {
        code: "answer_malformed",
        message: "a team has no slug",
      });
    }
    const own = `${path}/${encodeURIComponent(slug)}`;
    const members = github.list({ path: `${own}/members`, scope });
    for await (const [user] of members) {
      await found.edge({ from: team, to: { kind: "github_user", id: user } });
    }
    const repositories = github.list({ path: `${own}/repos`, scope });
    for await (const [repository, right] of repositories) {
      await found.edge({
        from: team,
        to: { kind: "github_repository", id: repository },
        reported: rightOf(right),
      });
    }
  }, { limit: CALLS, signal });
}

const KNOWN = ["token", "org", "endpoint", "visibility", "team_details"];

function faults(config: JsonObject): string[] {
  const found = Object.keys(config).filter((name) => !KNOWN.includes(name))
    .map((name) => `there is no "${name}", only ${KNOWN.join(", ")}`);
  const { token, org = [], endpoint, visibility, team_details } = config;
  if (
    token !== undefined &&
    !(typeof token === "string" && /^[\x21-\x7e]+$/.test(token))
  ) found.push('"token" is no token');
  if (
    ![org].flat().every((each) => /^[A-Za-z0-9_-]+$/.test(text(each) ?? ""))
  ) {
    found.push('"org" holds what is no login of an organisation');
  }
  if (
    endpoint !== undefined &&
    !(typeof endpoint === "string" && URL.canParse(endpoint) &&
      /^https?:$/.test(new URL(endpoint).protocol))
  ) found.push('"endpoint" is no http(s) URL');
  if (!["all", "public", undefined].includes(visibility as undefined)) {
    found.push('"visibility" is neither all nor public');
  }
  if (team_details !== undefined && typeof team_details !== "boolean") {
    found.push('"team_details" is neither true nor false');
  }
  return found;
}

/** Reads the configuration; throws with every fault, and never with the token. */
function readConfig(value: unknown): GithubConfig {
  const config = value ?? {};
  if (!isObject(config)) {
    throw new TypeError("Cannot read the configuration: it is no object");
  }
  const found = faults(config);
  if (found.length > 0) {
    throw new RangeError(`Cannot read the configuration: ${found.join("; ")}`);
  }
  const { token, org = [], endpoint = DEFAULT_ENDPOINT } = config;
  return {
    ...(token !== undefined && { token: String(token) }),
    org: [...new Set([org].flat().map(String))],
    endpoint: String(endpoint).replace(/\/+$/, ""),
    visibility: config["visibility"] === "public" ? "public" : "all",
    team_details: config["team_details"] !== false,
  };
}

const CONFIG_SCHEMA: JsonObject = {
  type: "object",
  additionalProperties: false,
  properties: {
    token: {
      type: "string",
      description:
        `Token of any type. Default: ${TOKEN_VARIABLE} of the worker`,
    },
    org: {
      type: "array",
      items: { type: "string" },
      default: [],
      description:
        "Logins of the organisations. Default: those that the token's user is in",
    },
    endpoint: {
      type: "string",
      format: "uri",
      default: DEFAULT_ENDPOINT,
      description: "Address of the API; of a server https://HOST/api/v3",
    },
    visibility: {
      enum: ["all", "public"],
      default: "all",
      description: "Which repositories are listed",
    },
    team_details: {
      type: "boolean",
      default: true,
      description:
        "Whether members and repositories of each team are listed, two calls each",
    },
  },
};

/** The organisations that are configured. */
async function namedAccounts(
  github: Github,
  logins: readonly string[],
  signal: AbortSignal,
): Promise<AccountList> {
  const accounts = new Map<string, Account>();
  const unreachable: NonNullable<AccountList["unreachable"]>[number][] = [];
  await mapConcurrent(logins, async (login) => {
    try {
      const id = String((await getOrg(github, login))["login"]);
      accounts.set(id, { id });
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof GithubError)) throw error;
      const { code, message, permission } = error;
      unreachable.push({
        id: login,
        code,
        message,
        ...(permission !== undefined && { permission }),
      });
    }
  }, { limit: CALLS, signal });
  return { accounts: [...accounts.values()], unreachable };
}

/**
 * The organisation that single sign-on hides, by its number.
 *
 * https://docs.github.com/en/rest/orgs/orgs#list-organizations
 */
async function loginOf(github: Github, number: string): Promise<string> {
  const { body } = await github.get({
    path: "/organizations",
    query: { since: String(Number(number) - 1), per_page: "1" },
    scope: "read:org",
  });
  const [item] = Array.isArray(body) ? body as readonly unknown[] : [];
  const login = isObject(item) && idOf(item["id"]) === number
    ? text(item["login"])
    : undefined;
  return login ?? number;
}

/** https://docs.github.com/en/rest/orgs/orgs#list-organizations-for-the-authenticated-user */
async function ownAccounts(github: Github): Promise<AccountList> {
  const path = "/user/orgs";
  const accounts: Account[] = [];
  const hidden = new Set<string>();
  const orgs = github.list({ path, scope: "read:org" }, ({ headers }) => {
    // partial-results; organizations=21955855,20582480
    const partial = /^partial-results;.*\borganizations=([\d,]+)/.exec(
      headers.get("x-github-sso") ?? "",
    );
    for (const number of words(partial?.[1] ?? null)) hidden.add(number);
  });
  for await (const [, item] of orgs) {
    const login = text(item["login"]);
    if (login === undefined) {
      throw new GithubError(`GET ${path}`, {
        code: "answer_malformed",
        message: "an organisation has no login",
      });
    }
    accounts.push({ id: login });
  }
  if (accounts.length + hidden.size === 0) {
    throw new GithubError(`GET ${path}`, {
      code: "no_organizations",
      message: 'the token sees none; "org" names them',
      permission: "read:org",
    });
  }
  const unreachable = await mapConcurrent(hidden, async (number) => ({
    id: await loginOf(github, number),
    code: "sso_required",
    message:
      "Cannot list it: the token has to be authorised for its single sign-on",
  }), { limit: CALLS });
  return { accounts, unreachable };
}

async function listAccounts(
  { config, signal }: AccountsContext<GithubConfig>,
  surroundings: GithubSurroundings,
): Promise<AccountList> {
  const token = config.token ?? text(Deno.env.get(TOKEN_VARIABLE)?.trim());
  if (token === undefined) {
    throw new Error(
      `Cannot list organisations: there is neither "token" nor ${TOKEN_VARIABLE}`,
    );
  }
  const { endpoint, org } = config;
  const github = new Github({ ...surroundings, endpoint, token, signal });
  const { accounts, unreachable = [] } = org.length > 0
    ? await namedAccounts(github, org, signal)
    : await ownAccounts(github);
  return {
    accounts: accounts.map((account) => ({
      ...account,
      credentials: { token },
    })),
    unreachable,
  };
}

async function collect(
  context: CollectContext<GithubConfig>,
  surroundings: GithubSurroundings,
): Promise<void> {
  const { account, config, issue, scope, signal } = context;
  const github = new Github({
    ...surroundings,
    endpoint: config.endpoint,
    token: String(account.credentials?.["token"]),
    signal,
  });
  let existing = Number.NaN;
  await scope({ kind: "github_org" }, async (found) => {
    existing = await listOrg(github, context, found);
  });
  let listed = Number.NaN;
  await scope({ kind: "github_repository" }, async (found) => {
    listed = await listRepositories(github, context, found);
  });
  // A token that was made for some repositories is told of no others.
  if (config.visibility === "all" && listed < existing) {
    issue(
      "warning",
      `The token sees ${listed} of ${existing} private repositories of ${account.id}`,
    );
  }
  await scope(
    { kind: "github_user" },
    (found) => listMembers(github, context, found),
  );
  await scope(
    { kind: "github_team" },
    (found) => listTeams(github, context, found),
  );
}

/** Makes the plugin; tests give it other surroundings. */
export function githubPlugin(
  surroundings: GithubSurroundings = {},
): CollectorDefinition<GithubConfig> {
  const net = ["api.github.com:443", { config: "endpoint" }];
  return definePlugin({
    name: "github",
    version: "1.0.0",
    description: "Collects organisations of GitHub, repositories and members",
    containers: { account: "github_org", region: "github_region" },
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

const plugin: CollectorDefinition<GithubConfig> = githubPlugin();

export default plugin;
