import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import type { JsonObject } from "@skymap/lib/plugin";
import { type CollectedPlugin, collectPlugin } from "@skymap/lib/testing";
import { slackPlugin } from "../../plugins/slack/mod.ts";
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

const TESTDATA = new URL("../../plugins/slack/testdata/", import.meta.url);
const ALL = ["auth", "team", "users", "conversations", "usergroups"];
const TOKEN = "xoxb-test-1";
const SLACK = {
  make: slackPlugin,
  config: (origin: string) => ({ token: TOKEN, endpoint: `${origin}/api/` }),
};

/** The recorded answers, those of one method replaced by others. */
async function recorded(
  method?: string,
  ...responses: Exchange["response"][]
): Promise<Exchange[]> {
  const exchanges = await readExchanges(TESTDATA, ALL);
  if (method === undefined) return exchanges;
  return replaceAnswers(
    exchanges,
    ({ request }) => request.path === `/api/${method}`,
    responses,
  );
}

function run(
  exchanges: readonly Exchange[],
  config?: JsonObject,
): Promise<Trial> {
  return tryCollector(SLACK, exchanges, config);
}

/** Why each scope failed; undefined for those that are complete. */
function outcomes({ scopes }: CollectedPlugin): Record<string, unknown> {
  return Object.fromEntries(
    [...scopes.values()].map(({ kind, error }) => [kind, error]),
  );
}

Deno.test("slack finds the workspace, its members, conversations and groups", async () => {
  const { found, unused } = await run(await recorded());
  deepStrictEqual(unused, []);
  deepStrictEqual(found.accounts.accounts, [{
    id: "T0001",
    name: "Kaffee & Söhne",
    credentials: { token: TOKEN },
  }]);
  deepStrictEqual(Object.values(outcomes(found)).filter(Boolean), []);
  deepStrictEqual(nodesOf(found, "T0001//slack_team"), {
    T0001: {
      domain: "kaffee",
      email_domain: "kaffee.example.com",
      enterprise_id: "E0001",
      enterprise_name: "Bohnen Konzern",
      name: "Kaffee & Söhne",
    },
  });
  deepStrictEqual(nodesOf(found, "T0001//slack_user"), {
    U0001: {
      team_id: "T0001",
      real_name: "Zoë Müller-Lüdenscheidt",
      display_name: "zoë ☕",
      email: "zoe@kaffee.example.com",
      title: "Röstmeisterin",
      deleted: false,
      is_admin: true,
      is_owner: true,
      is_primary_owner: true,
      is_restricted: false,
      is_ultra_restricted: false,
      is_bot: false,
      is_app_user: false,
      has_2fa: true,
      timezone: "Europe/Berlin",
      name: "zoë",
      mtime: "2017-08-07T20:44:46.000Z",
    },
    U0002: {
      team_id: "T0001",
      real_name: "田中 雪",
      deleted: false,
      is_admin: false,
      is_owner: false,
      is_primary_owner: false,
      is_restricted: true,
      is_ultra_restricted: true,
      is_bot: false,
      is_app_user: false,
      name: "yuki",
    },
    U0003: {
      team_id: "T0001",
      real_name: "Gone Ago",
      deleted: true,
      is_bot: false,
      is_app_user: false,
      name: "gone",
      mtime: "2020-09-13T12:26:40.000Z",
    },
    U0009: {
      team_id: "T0001",
      real_name: "skymap",
      deleted: false,
      is_bot: true,
      is_app_user: false,
      name: "skymap",
      mtime: "2023-11-14T22:13:20.000Z",
    },
    USLACKBOT: {
      team_id: "T0001",
      deleted: false,
      is_bot: false,
      name: "slackbot",
    },
  });
  const conversations = nodesOf(found, "T0001//slack_conversation");
  deepStrictEqual(conversations["C0001"], {
    is_private: false,
    is_archived: false,
    is_general: true,
    is_shared: true,
    is_ext_shared: true,
    is_org_shared: false,
    num_members: 4,
    creator: "U0001",
    topic: "Alles über Kaffee ☕",
    purpose: "Für alle",
    previous_names: ["allgemein"],
    name: "general",
    conversation_type: "public_channel",
    ctime: "2015-12-04T18:14:49.000Z",
    mtime: "2023-07-21T18:56:43.820Z",
  });
  deepStrictEqual(
    Object.entries(conversations).map(([id, { name, conversation_type }]) => [
      id,
      name,
      conversation_type,
    ]),
    [
      ["C0001", "general", "public_channel"],
      ["C0002", "alt", "public_channel"],
      ["G0001", "geheim", "private_channel"],
      ["G0002", "mpdm-zoë--yuki--skymap-1", "mpim"],
      ["D0001", "D0001", "im"],
    ],
  );
  deepStrictEqual(nodesOf(found, "T0001//slack_usergroup"), {
    S0001: {
      handle: "roester",
      description: "Wer röstet",
      user_count: 2,
      is_external: false,
      auto_type: "admin",
      created_by: "U0001",
      updated_by: "U0002",
      name: "Röster",
      ctime: "2015-11-04T00:47:39.000Z",
      mtime: "2015-11-04T20:52:42.000Z",
      disabled: false,
    },
    S0002: {
      handle: "alte",
      user_count: 0,
      is_external: false,
      created_by: "USLACKBOT",
      updated_by: "U0001",
      name: "Alte",
      ctime: "2015-11-05T18:06:33.000Z",
      mtime: "2015-11-05T18:22:47.000Z",
      disabled: true,
      disabled_at: "2015-11-05T18:41:05.000Z",
    },
  });
  deepStrictEqual(edgesOf(found), [
    "slack_usergroup S0001 -> slack_conversation C0001",
    "slack_usergroup S0001 -> slack_conversation G0001",
    "slack_usergroup S0001 -> slack_user U0001",
    "slack_usergroup S0001 -> slack_user U0002",
  ]);
  deepStrictEqual(
    collectedFaults(slackPlugin(), found, { whole: true }),
    [],
  );
});

Deno.test("slack waits as long as it is told to, and longer each time it is not", async () => {
  const { waits } = await run(await recorded());
  const [told, second, third] = waits;
  strictEqual(waits.length, 3);
  strictEqual(told, 17_000);
  ok(second !== undefined && second >= 1000 && second <= 2000, `${second}`);
  ok(third !== undefined && third >= 2000 && third <= 4000, `${third}`);
});

Deno.test("slack lists the members of conversations that are in use, when asked to", async () => {
  const exchanges = await readExchanges(TESTDATA, [...ALL, "members"]);
  const { found, unused } = await run(exchanges, {
    conversation_members: true,
  });
  deepStrictEqual(unused, []);
  deepStrictEqual(edgesOf(found).filter((edge) => /^slack_conv/.test(edge)), [
    "slack_conversation C0001 -> slack_user U0001",
    "slack_conversation C0001 -> slack_user U0002",
    "slack_conversation C0001 -> slack_user U0009",
    "slack_conversation D0001 -> slack_user U0001",
    "slack_conversation G0001 -> slack_user U0001",
    "slack_conversation G0002 -> slack_user U0002",
  ]);
});

Deno.test("slack names the scope that is missing, and the other scopes go on", async () => {
  const { found, waits } = await run(
    await recorded("users.list", {
      body: {
        ok: false,
        error: "missing_scope",
        needed: "users:read",
        provided: "channels:read,team:read",
      },
    }),
  );
  deepStrictEqual(waits, []);
  deepStrictEqual(outcomes(found), {
    slack_team: undefined,
    slack_user: {
      code: "missing_scope",
      message:
        "Cannot call users.list: missing_scope: needs users:read, the token has channels:read,team:read",
      permission: "users:read",
    },
    slack_conversation: undefined,
    slack_usergroup: undefined,
  });
});

testRefusals({
  name: "slack",
  collector: SLACK,
  scope: "T0001//slack_usergroup",
  otherWaits: 3,
  recorded: (responses) => recorded("usergroups.list", ...responses),
  cases: [
    ["a permission that no scope names", [
      { body: { ok: false, error: "no_permission" } },
    ], { code: "no_permission", permission: "usergroups:read" }],
    ["a revoked token", [{ body: { ok: false, error: "token_revoked" } }], {
      code: "token_revoked",
    }],
    [
      "a server that is down",
      Array(6).fill({ status: 502, body: "bad gateway" }),
      {
        code: "http_502",
        waits: 5,
      },
    ],
    ["a limit that lasts too long", [
      { status: 429, headers: { "retry-after": "3600" } },
    ], { code: "ratelimited" }],
    [
      "a limit without end",
      Array(6).fill({
        status: 429,
        headers: { "retry-after": "1" },
      }),
      { code: "ratelimited", waits: 5 },
    ],
    ["a redirect", [
      { status: 302, headers: { location: "http://127.0.0.1:1/" } },
    ], { code: "http_302" }],
    ["no JSON", [{ body: "<html>" }], { code: "answer_malformed" }],
    ["no list", [{ body: { ok: true } }], { code: "answer_malformed" }],
    ["an item without id", [
      { body: { ok: true, usergroups: [{ name: "x" }] } },
    ], { code: "answer_malformed" }],
  ],
});

testPatience({
  name: "slack",
  collector: SLACK,
  first: { path: "/api/auth.test" },
});

Deno.test("slack fails a listing whose pages go round in circles", async () => {
  const exchanges = await readExchanges(TESTDATA, ALL);
  const page = (cursor?: string): Exchange => ({
    request: {
      path: "/api/users.list",
      query: {
        team_id: "T0001",
        limit: "200",
        ...(cursor !== undefined && { cursor }),
      },
    },
    response: {
      body: {
        ok: true,
        members: [],
        response_metadata: { next_cursor: "again" },
      },
    },
  });
  const { found } = await run([
    ...exchanges.filter(({ request }) => request.path !== "/api/users.list"),
    page(),
    page("again"),
  ]);
  strictEqual(
    found.scopes.get("T0001//slack_user")?.error?.code,
    "answer_incomplete",
  );
});

Deno.test("slack says when it cannot see the members' email", async () => {
  const { found } = await run(
    await recorded("users.list", {
      headers: { "x-oauth-scopes": "users:read" },
      body: { ok: true, members: [{ id: "U1", name: "u" }] },
    }),
  );
  deepStrictEqual(found.issues.map(({ level, details }) => [level, details]), [
    ["warning", { permission: "users:read.email" }],
  ]);
});

Deno.test("slack takes a plan without user groups for what it is", async () => {
  const { found } = await run(
    await recorded("usergroups.list", {
      body: { ok: false, error: "plan_upgrade_required" },
    }),
  );
  strictEqual(found.scopes.get("T0001//slack_usergroup")?.error, undefined);
  strictEqual(found.issues.length, 1);
});

Deno.test("slack collects the workspace that is named when the token is of an organisation", async () => {
  const exchanges = await recorded("auth.test", {
    body: {
      ok: true,
      team: "Bohnen Konzern",
      team_id: "E0001",
      is_enterprise_install: true,
    },
  });
  const { found } = await run(exchanges, { team: "T0001" });
  deepStrictEqual(found.accounts.accounts.map(({ id, name }) => [id, name]), [
    ["T0001", undefined],
  ]);
  strictEqual(
    nodesOf(found, "T0001//slack_team")["T0001"]?.["domain"],
    "kaffee",
  );
  await rejects(run(exchanges), { code: "team_missing" });
});

Deno.test("slack never tells the token", async () => {
  const { found } = await run(
    await recorded("team.info", {
      body: {
        ok: false,
        error: `bad_${TOKEN}`,
        needed: TOKEN,
        provided: `x,${TOKEN}`,
      },
    }),
  );
  const error = found.scopes.get("T0001//slack_team")?.error;
  strictEqual(error?.code, "bad_[token]");
  ok(!JSON.stringify([...found.scopes.values(), found.issues]).includes(TOKEN));
  await rejects(
    collectPlugin(slackPlugin(), { config: { token: "xoxb secret\n" } }),
    (error: Error) => !error.message.includes("secret"),
  );
});

Deno.test("slack waits in real time, and not for less than was asked", async () => {
  await using api = new RecordedApi([
    {
      request: { path: "/api/auth.test" },
      response: { status: 429, headers: { "retry-after": "0.05" } },
    },
    {
      request: { path: "/api/auth.test" },
      response: { body: { ok: true, team_id: "T1" } },
    },
  ]);
  const started = performance.now();
  const list = await accountsOf(SLACK, api);
  deepStrictEqual(list.accounts.map(({ id }) => id), ["T1"]);
  ok(performance.now() - started >= 49);
});

Deno.test("slack names every fault of its configuration", async () => {
  const config = {
    token: 1,
    team: "",
    endpoint: "ftp://x",
    conversation_types: ["dm"],
    conversation_members: "yes",
    tokens: [],
  };
  await rejects(
    collectPlugin(slackPlugin(), { config }),
    (error: Error) =>
      Object.keys(config).every((name) => error.message.includes(`"${name}"`)),
  );
});

Deno.test("slack asks for one host and one variable, and for none when it collects", () => {
  deepStrictEqual(slackPlugin().permissions, {
    accounts: {
      net: ["slack.com:443", { config: "endpoint" }],
      env: ["SLACK_TOKEN"],
    },
    collect: { net: ["slack.com:443", { config: "endpoint" }] },
  });
});
