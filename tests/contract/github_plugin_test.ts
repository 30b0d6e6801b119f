import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/plugin";
import { collectPlugin } from "@skymap/lib/testing";
import { githubPlugin } from "../../plugins/github/mod.ts";
import {
  collectedFaults,
  edgesOf,
  nodesOf,
} from "../helpers/check_collected.ts";
import { testPatience, testRefusals } from "../helpers/collector_suite.ts";
import {
  accountsOf,
  replaceAnswers,
  type Trial,
  tryCollector,
} from "../helpers/collector_trial.ts";
import {
  type Exchange,
  readExchanges,
  RecordedApi,
} from "../helpers/recorded_api.ts";

const TESTDATA = new URL("../../plugins/github/testdata/", import.meta.url);
const ONE = ["org", "repositories", "members", "teams", "team_details"];
const ORG = "kaffee-und-soehne";
const TOKEN = "ghp_test1";
const GITHUB = {
  make: githubPlugin,
  config: (origin: string) => ({ token: TOKEN, endpoint: `${origin}/` }),
};
const TEAMS = `${ORG}//github_team`;
const MEMBERS = `${ORG}//github_user`;
const REPOSITORIES = `${ORG}//github_repository`;
const READ_ORG = { "x-oauth-scopes": "read:org" };

/** The answers for one organisation, which accounts and collect each ask for. */
async function one(): Promise<Exchange[]> {
  const exchanges = await readExchanges(TESTDATA, ONE);
  const org = exchanges.find(({ request }) => request.path === `/orgs/${ORG}`);
  ok(org);
  return [
    org,
    ...exchanges.filter(({ request }) => request.path !== "/orgs/bohnen"),
  ];
}

/** Those answers, what one path and its pages answer replaced by others. */
async function replaced(
  path: string,
  ...responses: Exchange["response"][]
): Promise<Exchange[]> {
  const numbered = path.replace(`/orgs/${ORG}`, "/organizations/9001");
  return replaceAnswers(
    await one(),
    // One team is asked for on behalf of the members; it stays.
    ({ request }) =>
      (request.path === path || request.path === numbered) &&
      request.query?.["per_page"] !== "1",
    responses,
  );
}

function run(
  exchanges: readonly Exchange[],
  config: JsonObject = { org: ORG },
): Promise<Trial> {
  return tryCollector(GITHUB, exchanges, config);
}

Deno.test("github finds an organisation, its repositories, members and teams", async () => {
  const { found, unused } = await run(await one());
  deepStrictEqual(unused, []);
  deepStrictEqual(found.accounts, {
    accounts: [{ id: ORG, credentials: { token: TOKEN } }],
    unreachable: [],
  });
  deepStrictEqual(
    [...found.scopes.values()].filter(({ error }) => error !== undefined),
    [],
  );
  deepStrictEqual(found.issues, []);
  deepStrictEqual(nodesOf(found, `${ORG}//github_org`), {
    [ORG]: {
      description: "Röster",
      company: "GitHub",
      blog: "https://example.com",
      location: "Zürich",
      email: "hallo@example.com",
      url: "https://github.com/kaffee-und-soehne",
      is_verified: true,
      public_repos: 2,
      total_private_repos: 2,
      two_factor_required: true,
      default_repository_permission: "read",
      members_can_create_repositories: true,
      members_can_create_public_repositories: false,
      plan: "team",
      seats: 4,
      filled_seats: 3,
      name: "Kaffee & Söhne ☕",
      number: "9001",
      ctime: "2008-01-14T04:33:35Z",
      mtime: "2014-03-03T18:58:10Z",
    },
  });
  const repositories = nodesOf(found, REPOSITORIES);
  deepStrictEqual(repositories["101"], {
    full_name: "kaffee-und-soehne/roester",
    description: "Röstet ☕",
    url: "https://github.com/kaffee-und-soehne/roester",
    homepage: "https://roester.example.com",
    visibility: "public",
    is_private: false,
    is_fork: false,
    is_archived: false,
    is_disabled: false,
    is_template: false,
    default_branch: "main",
    language: "TypeScript",
    license: "MIT",
    topics: ["coffee", "kaffee"],
    has_issues: true,
    has_wiki: true,
    has_pages: true,
    has_discussions: false,
    allow_forking: true,
    web_commit_signoff_required: false,
    secret_scanning: "enabled",
    secret_scanning_push_protection: "disabled",
    dependabot_security_updates: "enabled",
    size: 108,
    stargazers_count: 80,
    forks_count: 9,
    open_issues_count: 2,
    pushed_at: "2026-01-02T03:04:05Z",
    name: "roester",
    ctime: "2011-01-26T19:01:12Z",
    mtime: "2011-01-26T19:14:43Z",
  });
  deepStrictEqual(repositories["104"], {
    full_name: "kaffee-und-soehne/intern",
    visibility: "internal",
    is_private: true,
    name: "intern",
  });
  deepStrictEqual(Object.keys(repositories), ["101", "102", "103", "104"]);
  const user = { user_type: "User", site_admin: false };
  deepStrictEqual(nodesOf(found, MEMBERS), {
    1: { url: "https://github.com/zoe", ...user, name: "zoe", role: "admin" },
    2: {
      url: "https://github.com/yuki",
      ...user,
      name: "yuki",
      role: "member",
    },
    3: {
      url: "https://github.com/skymap-bot",
      user_type: "Bot",
      site_admin: true,
      name: "skymap-bot",
      role: "member",
    },
  });
  deepStrictEqual(nodesOf(found, TEAMS), {
    501: {
      slug: "roester",
      description: "Wer röstet",
      url: "https://github.com/orgs/kaffee-und-soehne/teams/roester",
      privacy: "closed",
      notification_setting: "notifications_enabled",
      permission: "pull",
      name: "Röster",
    },
    502: {
      slug: "nacht-schicht",
      url: "https://github.com/orgs/kaffee-und-soehne/teams/nacht-schicht",
      privacy: "secret",
      notification_setting: "notifications_enabled",
      permission: "pull",
      name: "Nacht-Schicht 🌙",
    },
  });
  deepStrictEqual(edgesOf(found), [
    'github_team 501 -> github_repository 101 {"permission":"maintain"}',
    'github_team 501 -> github_repository 102 {"permission":"push"}',
    "github_team 501 -> github_team 502",
    "github_team 501 -> github_user 1",
    "github_team 501 -> github_user 2",
    "github_team 502 -> github_user 2",
  ]);
  deepStrictEqual(
    collectedFaults(githubPlugin(), found, { whole: true }),
    [],
  );
});

Deno.test("github waits for its limits, by the clock of the server", async () => {
  const { waits } = await run(await one());
  const [primary, secondary, told, soon] = waits;
  strictEqual(waits.length, 4);
  strictEqual(
    primary,
    1_767_323_100_000 - Date.UTC(2026, 0, 2, 3, 4, 5) + 1000,
  );
  strictEqual(secondary, 120_000);
  strictEqual(told, 42_000);
  ok(soon !== undefined && soon >= 4000 && soon <= 8000, `${soon}`);
});

Deno.test("github lists the organisations that the token's user is in", async () => {
  await using api = new RecordedApi(await readExchanges(TESTDATA, ["orgs"]));
  const list = await accountsOf(GITHUB, api);
  deepStrictEqual(list.accounts.map(({ id }) => id), [ORG, "bohnen"]);
  strictEqual(list.all, undefined);
  deepStrictEqual(api.unused, []);
});

Deno.test("github names the organisations that single sign-on hides", async () => {
  await using api = new RecordedApi([
    {
      request: { path: "/user/orgs", query: { per_page: "100" } },
      response: {
        headers: { "x-github-sso": "partial-results; organizations=7,8" },
        body: [{ id: 9002, login: "bohnen" }],
      },
    },
    {
      request: {
        path: "/organizations",
        query: { since: "6", per_page: "1" },
      },
      response: { body: [{ id: 7, login: "hidden" }] },
    },
    {
      request: {
        path: "/organizations",
        query: { since: "7", per_page: "1" },
      },
      response: { body: [{ id: 11, login: "another" }] },
    },
  ]);
  const list = await accountsOf(GITHUB, api);
  deepStrictEqual(list.accounts.map(({ id }) => id), ["bohnen"]);
  deepStrictEqual(list.unreachable?.map(({ id, code }) => [id, code]), [
    ["hidden", "sso_required"],
    ["8", "sso_required"],
  ]);
});

Deno.test("github says which of the organisations it cannot reach, and why", async () => {
  const exchanges = await readExchanges(TESTDATA, ["org"]);
  const own = exchanges.filter(({ request }) =>
    request.path === "/orgs/bohnen"
  );
  await using api = new RecordedApi([...own, {
    request: { path: "/orgs/nobody" },
    response: { status: 404, body: { message: "Not Found" } },
  }]);
  const { accounts, unreachable } = await accountsOf(GITHUB, api, {
    org: ["bohnen", "nobody"],
  });
  deepStrictEqual(accounts.map(({ id }) => id), ["bohnen"]);
  deepStrictEqual(unreachable, [{
    id: "nobody",
    code: "not_found",
    message:
      "Cannot call GET /orgs/nobody: not_found: Not Found; it is not there, or must not be seen; needs read:org",
    permission: "read:org",
  }]);
});

Deno.test("github does not take a token that sees no organisation for an empty cloud", async () => {
  await using api = new RecordedApi([{
    request: { path: "/user/orgs", query: { per_page: "100" } },
    response: { body: [] },
  }]);
  const config = { token: TOKEN, endpoint: api.origin };
  await rejects(collectPlugin(githubPlugin(), { config }), {
    code: "no_organizations",
    permission: "read:org",
  });
});

Deno.test("github leaves out what teams hold when it is told to", async () => {
  const { found, unused } = await run(await one(), {
    org: [ORG],
    team_details: false,
  });
  strictEqual(unused.length, 5);
  deepStrictEqual(edgesOf(found), ["github_team 501 -> github_team 502"]);
});

Deno.test("github fails the members when it would be told the public ones alone", async () => {
  const probe = (response: Exchange["response"]): Exchange => ({
    request: { path: `/orgs/${ORG}/teams`, query: { per_page: "1" } },
    response,
  });
  const others = (await one()).filter(({ request }) =>
    request.query?.["per_page"] !== "1"
  );
  const classic = await run([
    ...others,
    probe({
      status: 403,
      headers: {
        "x-oauth-scopes": "repo",
        "x-accepted-oauth-scopes": "admin:org, read:org, write:org",
      },
      body: { message: "Must have admin rights to Repository." },
    }),
  ]);
  deepStrictEqual(classic.found.scopes.get(MEMBERS)?.error, {
    code: "forbidden",
    message: `Cannot call GET /orgs/${ORG}/teams: forbidden: ` +
      "Must have admin rights to Repository.; needs one of admin:org, read:org, write:org; the token has repo",
    permission: "read:org",
  });
  const fine = await run([
    ...others,
    probe({
      status: 403,
      headers: { "x-accepted-github-permissions": "members=read" },
      body: { message: "Resource not accessible by personal access token" },
    }),
  ]);
  strictEqual(
    fine.found.scopes.get(MEMBERS)?.error?.permission,
    "members=read",
  );
  const stranger = await run([
    ...others.filter(({ request }) =>
      !/^\/org[a-z]*\/[^/]*\/members$/.test(request.path)
    ),
    probe({ body: [] }),
    {
      request: {
        path: `/orgs/${ORG}/members`,
        query: { role: "admin", per_page: "100" },
      },
      response: {
        status: 302,
        headers: { location: `/orgs/${ORG}/public_members` },
      },
    },
  ]);
  strictEqual(stranger.found.scopes.get(MEMBERS)?.error?.code, "http_302");
  strictEqual(stranger.found.scopes.get(TEAMS)?.error, undefined);
});

Deno.test("github fails the repositories when the private ones are hidden, unless it is to list the others", async () => {
  const answer = { headers: READ_ORG, body: [{ id: 1, name: "a" }] };
  const { found } = await run(await replaced(`/orgs/${ORG}/repos`, answer));
  const { code, permission } = found.scopes.get(REPOSITORIES)?.error ?? {};
  deepStrictEqual([code, permission], ["missing_scope", "repo"]);
  const others = await replaced(`/orgs/${ORG}/repos`);
  const publicOnes = await run([...others, {
    request: {
      path: `/orgs/${ORG}/repos`,
      query: {
        type: "public",
        sort: "created",
        direction: "asc",
        per_page: "100",
      },
    },
    response: answer,
  }], { org: ORG, visibility: "public" });
  deepStrictEqual(nodesOf(publicOnes.found, REPOSITORIES), {
    1: { name: "a" },
  });
  deepStrictEqual(publicOnes.found.issues, []);
});

Deno.test("github tells when a token sees a part of the private repositories", async () => {
  const { found } = await run(
    await replaced(`/orgs/${ORG}/repos`, {
      body: [{ id: 1, name: "a", private: true }],
    }),
  );
  deepStrictEqual(found.issues.map(({ level, message }) => [level, message]), [
    ["warning", `The token sees 1 of 2 private repositories of ${ORG}`],
  ]);
});

testRefusals({
  name: "github",
  collector: {
    ...GITHUB,
    config: (origin) => ({ ...GITHUB.config(origin), org: ORG }),
  },
  scope: TEAMS,
  otherWaits: 4,
  recorded: async (responses) =>
    (await replaced(`/orgs/${ORG}/teams`, ...responses)).filter(
      ({ request }) => !/teams?\/./.test(request.path),
    ),
  check: ({ found }) =>
    ok(!found.scopes.get(TEAMS)?.error?.message.includes("secret")),
  cases: [
    ["an organisation behind single sign-on", [{
      status: 403,
      headers: {
        "x-github-sso": "required; url=https://github.com/orgs/x/sso?a=secret",
      },
      body: { message: "Resource protected by organization SAML enforcement." },
    }], { code: "sso_required" }],
    ["a right that no scope gives", [{
      status: 403,
      headers: {
        ...READ_ORG,
        "x-accepted-oauth-scopes": "admin:org, read:org",
      },
      body: {
        message: "Although you appear to have the correct authorization",
      },
    }], { code: "forbidden" }],
    ["what must not be seen", [{
      status: 404,
      headers: {
        "x-oauth-scopes": "",
        "x-accepted-oauth-scopes": "admin:org, read:org",
      },
      body: { message: "Not Found" },
    }], { code: "not_found", permission: "read:org" }],
    ["a token that has ended", [
      { status: 401, body: { message: "Bad credentials" } },
    ], { code: "unauthorized" }],
    ["a server that is down", Array(6).fill({ status: 503 }), {
      code: "http_503",
      waits: 5,
    }],
    ["a limit that lasts too long", [{
      status: 403,
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1767326645",
        date: "Fri, 02 Jan 2026 03:04:05 GMT",
      },
      body: { message: "API rate limit exceeded" },
    }], { code: "rate_limited" }],
    [
      "a limit without end",
      Array(6).fill({
        status: 429,
        headers: { "retry-after": "1" },
      }),
      { code: "rate_limited", waits: 5 },
    ],
    ["no JSON", [{ body: "<html>" }], { code: "answer_malformed" }],
    ["no list", [{ body: { items: [] } }], { code: "answer_malformed" }],
    ["an item without id", [{ body: [{ name: "x" }] }], {
      code: "answer_malformed",
    }],
    ["a next page at another host", [{
      headers: { link: '<http://evil.example.com/?page=2>; rel="next"' },
      body: [],
    }], { code: "answer_malformed" }],
  ],
});

testPatience({
  name: "github",
  collector: GITHUB,
  first: { path: "/user/orgs", query: { per_page: "100" } },
});

Deno.test("github says when a limit that is too long to wait for is reset", async () => {
  const { found } = await run(
    await replaced(`/orgs/${ORG}/teams`, {
      status: 403,
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1767326645",
        date: "Fri, 02 Jan 2026 03:04:05 GMT",
      },
      body: { message: `API rate limit exceeded for ${TOKEN}` },
    }),
  );
  strictEqual(
    found.scopes.get(TEAMS)?.error?.message,
    `Cannot call GET /orgs/${ORG}/teams: rate_limited: API rate limit exceeded for [token]; the limit is reset at 2026-01-02T04:04:05.000Z`,
  );
});

Deno.test("github fails a listing whose pages go round in circles", async () => {
  const link = `<{origin}/organizations/9001/teams?page=2>; rel="next"`;
  const exchanges = await replaced(`/orgs/${ORG}/teams`, {
    headers: { link },
    body: [],
  });
  const { found } = await run([...exchanges, {
    request: { path: "/organizations/9001/teams", query: { page: "2" } },
    response: { headers: { link }, body: [] },
  }]);
  strictEqual(found.scopes.get(TEAMS)?.error?.code, "answer_incomplete");
});

Deno.test("github stops when it is told to while it looks for an organisation", async () => {
  await using api = new RecordedApi([{
    request: { path: "/orgs/bohnen" },
    response: { status: 503 },
  }]);
  const controller = new AbortController();
  const plugin = githubPlugin({
    sleep: (_, signal) => {
      controller.abort(new Error("stop"));
      return Promise.reject(signal?.reason);
    },
  });
  await rejects(
    collectPlugin(plugin, {
      config: { ...GITHUB.config(api.origin), org: "bohnen" },
      signal: controller.signal,
    }),
    { message: "stop" },
  );
});

Deno.test("github names every fault of its configuration, and never the token", async () => {
  const config = {
    token: "ghp secret",
    org: ["../user"],
    endpoint: "github.com",
    visibility: "private",
    team_details: 1,
    repos: [],
  };
  await rejects(
    collectPlugin(githubPlugin(), { config }),
    ({ message }: Error) =>
      Object.keys(config).every((name) => message.includes(`"${name}"`)) &&
      !message.includes("secret"),
  );
});

Deno.test("github asks for one host and one variable, and for none when it collects", () => {
  const net = ["api.github.com:443", { config: "endpoint" }];
  deepStrictEqual(githubPlugin().permissions, {
    accounts: { net, env: ["GITHUB_TOKEN"] },
    collect: { net },
  });
});
