import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/plugin";
import { collectPlugin } from "@skymap/lib/testing";
import { oneloginPlugin } from "../../plugins/onelogin/mod.ts";
import {
  collectedFaults,
  edgesOf,
  nodesOf,
} from "../helpers/check_collected.ts";
import { testPatience, testRefusals } from "../helpers/collector_suite.ts";
import {
  replaceAnswers,
  type Trial,
  tryCollector,
} from "../helpers/collector_trial.ts";
import { type Exchange, readExchanges } from "../helpers/recorded_api.ts";

const TESTDATA = new URL("../../plugins/onelogin/testdata/", import.meta.url);
const ALL = ["token", "users", "apps", "app_users", "roles", "groups"];
const CREDENTIALS = { client_id: "client-1", client_secret: "secret-1" };
const ROLES = "555555//onelogin_role";
const GROUPS = "555555//onelogin_group";
const LOGIN = "/auth/oauth2/v2/token";
const ONELOGIN = {
  make: oneloginPlugin,
  config: (origin: string) => ({ ...CREDENTIALS, endpoint: `${origin}/` }),
};

/** The recorded answers, those of one path replaced by others. */
async function recorded(
  path: string,
  ...responses: Exchange["response"][]
): Promise<Exchange[]> {
  return replaceAnswers(
    await readExchanges(TESTDATA, ALL),
    ({ request }) => request.path === path,
    responses,
  );
}

function run(
  exchanges: readonly Exchange[],
  config?: JsonObject,
): Promise<Trial> {
  return tryCollector(ONELOGIN, exchanges, config);
}

/** How often a run logged in. */
function logIns({ requests }: Trial): number {
  return requests.filter((each) => each === `POST ${LOGIN}`).length;
}

Deno.test("onelogin finds users, apps, roles and groups, and who may use what", async () => {
  const { found, unused, origin } = await run(
    await readExchanges(TESTDATA, ALL),
  );
  deepStrictEqual(unused, []);
  deepStrictEqual(found.accounts.accounts, [{
    id: "555555",
    name: "127.0.0.1",
    credentials: { id: "client-1", secret: "secret-1" },
  }]);
  deepStrictEqual(
    [...found.scopes.values()].filter(({ error }) => error !== undefined),
    [],
  );
  deepStrictEqual(nodesOf(found, "555555//onelogin_account"), {
    555555: { url: origin, name: "127.0.0.1" },
  });
  deepStrictEqual(nodesOf(found, "555555//onelogin_user"), {
    1001: {
      username: "zoë",
      email: "zoe@example.com",
      firstname: "Zoë",
      lastname: "Łukasiewicz",
      status: "locked",
      state: "approved",
      group_id: "417333",
      directory_id: "77",
      external_id: "S-1-5",
      samaccountname: "zoe",
      distinguished_name: "CN=Zoë,DC=example",
      invalid_login_attempts: 3,
      activated_at: "2019-08-23T00:00:00.000Z",
      invitation_sent_at: "2019-08-22T19:00:00.000Z",
      password_changed_at: "2019-08-22T18:43:55.172Z",
      locked_until: "2026-01-01T12:00:00.000Z",
      name: "zoë",
      ctime: "2019-08-22T18:43:55.188Z",
      mtime: "2019-08-22T18:43:55.188Z",
      atime: "2026-01-01T10:00:00.000Z",
    },
    1002: {
      email: "mike@example.com",
      firstname: "Mike",
      lastname: "Tester",
      status: "password_pending",
      state: "unapproved",
      invalid_login_attempts: 0,
      name: "mike@example.com",
      ctime: "2019-08-22T18:43:55.188Z",
      mtime: "2019-08-22T18:43:55.188Z",
    },
    1003: {
      status: "unknown_99",
      state: "approved",
      group_id: "419333",
      invalid_login_attempts: 0,
      name: "1003",
      ctime: "2019-08-22T18:43:55.188Z",
      mtime: "2019-08-22T18:43:55.188Z",
    },
    1004: { username: "雪", status: "suspended", name: "雪" },
  });
  deepStrictEqual(nodesOf(found, "555555//onelogin_app"), {
    2001: {
      description: "Für alle",
      connector_id: "50534",
      auth_method: "saml",
      visible: true,
      name: "Amazon Web Services (AWS) – Multi Rôle",
      ctime: "2020-01-13T21:21:06Z",
      mtime: "2020-01-14T21:21:06Z",
    },
    2002: {
      auth_method: "openid_connect",
      visible: false,
      name: "Wiki",
      ctime: "2020-01-14T21:21:06Z",
      mtime: "2020-01-14T21:21:06Z",
    },
  });
  deepStrictEqual(nodesOf(found, ROLES), {
    3001: { name: "Entwicklung 🚀" },
    3002: { name: "Leer" },
  });
  deepStrictEqual(nodesOf(found, GROUPS), {
    417333: { reference: "ref-1", name: "employees" },
    419333: { name: "Außendienst" },
  });
  deepStrictEqual(edgesOf(found), [
    "onelogin_group 417333 -> onelogin_user 1001",
    "onelogin_group 419333 -> onelogin_user 1003",
    "onelogin_role 3001 -> onelogin_app 2001",
    "onelogin_role 3001 -> onelogin_app 2002",
    'onelogin_role 3001 -> onelogin_user 1001 {"member":true,"admin":true}',
    'onelogin_role 3001 -> onelogin_user 1002 {"member":true,"admin":false}',
    'onelogin_role 3001 -> onelogin_user 1004 {"member":false,"admin":true}',
    "onelogin_user 1001 -> onelogin_app 2001",
    "onelogin_user 1002 -> onelogin_app 2001",
  ]);
  deepStrictEqual(
    collectedFaults(oneloginPlugin(), found, { whole: true }),
    [],
  );
});

Deno.test("onelogin waits until its limit is reset, and longer each time nothing is said", async () => {
  const { waits } = await run(await readExchanges(TESTDATA, ALL));
  const [told, second] = waits;
  strictEqual(waits.length, 2);
  strictEqual(told, 23_000);
  ok(second !== undefined && second >= 1000 && second <= 2000, `${second}`);
});

Deno.test("onelogin leaves out the users of each app when it is told to", async () => {
  const { found, unused } = await run(await readExchanges(TESTDATA, ALL), {
    app_users: false,
  });
  strictEqual(unused.length, 3);
  ok(unused.every((each) => /apps\/\d+\/users/.test(each)));
  ok(!edgesOf(found).some((edge) => edge.startsWith("onelogin_user")));
});

Deno.test("onelogin fails the apps when the users of one cannot be listed", async () => {
  const { found } = await run(
    await recorded("/api/2/apps/2002/users", { status: 404, body: {} }),
  );
  strictEqual(
    found.scopes.get("555555//onelogin_app")?.error?.code,
    "http_404",
  );
});

testRefusals({
  name: "onelogin",
  collector: ONELOGIN,
  scope: ROLES,
  otherWaits: 2,
  recorded: (responses) => recorded("/api/2/roles", ...responses),
  cases: [
    ["credentials of another scope", [{
      status: 401,
      body: {
        status: {
          error: true,
          code: 401,
          type: "Unauthorized",
          message: "Insufficient Permission",
        },
      },
    }], { code: "forbidden", permission: "Read Users" }],
    ["a call that is forbidden", [
      { status: 403, body: { message: "Forbidden", statusCode: 403 } },
    ], { code: "forbidden", permission: "Read Users" }],
    ["a server that is down", Array(6).fill({ status: 500 }), {
      code: "http_500",
      waits: 5,
    }],
    ["a limit that lasts too long", [
      { status: 429, headers: { "x-ratelimit-reset": "3000" } },
    ], { code: "rate_limited" }],
    [
      "a limit without end",
      Array(6).fill({
        status: 429,
        headers: { "retry-after": "1", "x-ratelimit-reset": "3000" },
      }),
      { code: "rate_limited", waits: 5 },
    ],
    ["a redirect", [
      { status: 307, headers: { location: "http://127.0.0.1:1/" } },
    ], { code: "http_307" }],
    ["no JSON", [{ body: "<html>" }], { code: "answer_malformed" }],
    ["no list", [{ body: { data: [] } }], { code: "answer_malformed" }],
    ["an item without id", [{ body: [{ name: "x" }] }], {
      code: "answer_malformed",
    }],
    ["fewer items than there are", [{
      headers: { "total-count": "2", "current-page": "1", "total-pages": "1" },
      body: [{ id: 1, name: "x" }],
    }], { code: "answer_incomplete" }],
  ],
});

testPatience({
  name: "onelogin",
  collector: ONELOGIN,
  first: { method: "POST", path: LOGIN },
});

Deno.test("onelogin logs in again, once, when its token has ended", async () => {
  const exchanges = await readExchanges(TESTDATA, ALL);
  const ended = { status: 401, body: { message: "Unauthorized" } };
  const groups = exchanges.find(({ request }) =>
    request.path === "/api/1/groups"
  );
  const logIn = exchanges.find(({ request }) => request.path === LOGIN);
  ok(groups && logIn);
  const renewed = await run([
    { request: groups.request, response: ended },
    ...exchanges,
    logIn,
  ]);
  strictEqual(logIns(renewed), 3);
  strictEqual(renewed.found.scopes.get(GROUPS)?.error, undefined);
  const refused = await run([
    ...exchanges.filter(({ request }) => request.path !== "/api/1/groups"),
    { request: groups.request, response: ended },
    { request: groups.request, response: ended },
    logIn,
  ]);
  strictEqual(logIns(refused), 3);
  deepStrictEqual(refused.found.scopes.get(GROUPS)?.error, {
    code: "unauthorized",
    message: "Cannot call GET /api/1/groups: unauthorized: Unauthorized",
    permission: "Read Users",
  });
});

Deno.test("onelogin fails a listing whose pages go round in circles", async () => {
  const exchanges = await recorded("/api/2/roles");
  const query = { fields: "name,apps,users,admins", limit: "650" };
  const response = { headers: { "after-cursor": "again" }, body: [] };
  const path = "/api/2/roles";
  const { found } = await run([
    ...exchanges,
    { request: { path, query }, response },
    { request: { path, query: { ...query, cursor: "again" } }, response },
  ]);
  strictEqual(found.scopes.get(ROLES)?.error?.code, "answer_incomplete");
});

Deno.test("onelogin never tells the secret or the token", async () => {
  const { found } = await run(
    await recorded("/api/2/roles", {
      status: 400,
      body: { message: "tok-n-1 of secret-1 is odd" },
    }),
  );
  strictEqual(
    found.scopes.get(ROLES)?.error?.message,
    "Cannot call GET /api/2/roles: http_400: [secret] of [secret] is odd",
  );
  await rejects(
    run(
      await recorded(LOGIN, {
        status: 401,
        body: { error: "invalid_client", error_description: "not secret-1" },
      }),
    ),
    {
      code: "unauthorized",
      message:
        "Cannot call POST /auth/oauth2/v2/token: unauthorized: not [secret]",
    },
  );
});

Deno.test("onelogin refuses credentials that belong to another account by now", async () => {
  const [first] = await readExchanges(TESTDATA, ["token"]);
  ok(first);
  await rejects(
    run(
      await recorded(LOGIN, first.response, {
        body: { access_token: "tok-n-1", account_id: 6 },
      }),
    ),
    { code: "account_changed" },
  );
});

Deno.test("onelogin names every fault of its configuration", async () => {
  const config = {
    endpoint: "example.onelogin.com",
    client_id: 1,
    client_secret: {},
    app_users: "yes",
    region: "eu",
  };
  await rejects(
    collectPlugin(oneloginPlugin(), { config }),
    (error: Error) =>
      Object.keys(config).every((name) => error.message.includes(`"${name}"`)),
  );
  const plugin = oneloginPlugin();
  const parsed = plugin.config?.parse({});
  ok(parsed);
  strictEqual(plugin.isConfigured?.(parsed), false);
  await rejects(collectPlugin(plugin), /there is no "endpoint"/);
});

Deno.test("onelogin asks for the host that is configured, and for no other", () => {
  deepStrictEqual(oneloginPlugin().permissions, {
    accounts: {
      net: [{ config: "endpoint" }],
      env: ["ONELOGIN_CLIENT_ID", "ONELOGIN_CLIENT_SECRET"],
    },
    collect: { net: [{ config: "endpoint" }] },
  });
});
