import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { listAccounts } from "./accounts.ts";
import { type FakeAnswer, FakeEc2, stsRefusal } from "./fake_ec2.ts";
import { readConfig } from "./settings.ts";

function sts(action: string, inside: string): Response {
  return new Response(
    `<${action}Response><${action}Result>${inside}</${action}Result></${action}Response>`,
    { headers: { "content-type": "text/xml" } },
  );
}

/** Aliases as IAM tells them. */
function aliases(...names: string[]): Response {
  return sts(
    "ListAccountAliases",
    `<IsTruncated>false</IsTruncated><AccountAliases>${
      names.map((name) => `<member>${name}</member>`).join("")
    }</AccountAliases>`,
  );
}

/** Roles named `locked` cannot be assumed; who asks is account 1…1. */
const answer: FakeAnswer = (request) => {
  if (request["Action"] === "GetCallerIdentity") {
    return sts("GetCallerIdentity", "<Account>111111111111</Account>");
  }
  if (request["Action"] === "ListAccountAliases") {
    return stsRefusal(403, "AccessDenied", "not authorized");
  }
  const arn = request["RoleArn"] ?? "";
  if (arn.includes("333333333333")) {
    return stsRefusal(403, "AccessDenied", `not authorized for ${arn}`);
  }
  return sts(
    "AssumeRole",
    `<Credentials><AccessKeyId>${
      arn.split(":")[4]
    }</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>`,
  );
};

async function list(
  config: Record<string, unknown>,
  { env = {}, files = {}, reply = answer }: {
    env?: Record<string, string>;
    files?: Record<string, string>;
    reply?: FakeAnswer;
  } = {},
) {
  await using server = new FakeEc2(reply);
  const found = await listAccounts({
    config: readConfig({ ...config, endpoint: server.endpoint }),
    signal: new AbortController().signal,
  }, {
    env: (name) => env[name],
    readHome: (path) => Promise.resolve(files[path] ?? ""),
  });
  return { ...found, requests: server.requests };
}

const KEYS = { access_key_id: "base", secret_access_key: "secret" };

Deno.test("listAccounts() finds the account of the configured keys", async () => {
  const { accounts, unreachable } = await list(KEYS);
  deepStrictEqual(accounts, [{
    id: "111111111111",
    credentials: {
      access_key_id: "base",
      secret_access_key: "secret",
      partition: "aws",
    },
  }]);
  deepStrictEqual(unreachable, []);
});

Deno.test("listAccounts() gives each account its own keys only", async () => {
  const { accounts, unreachable, requests } = await list({
    ...KEYS,
    role: "reader",
    external_id: "e-1",
    account: ["222222222222", "333333333333"],
  });
  deepStrictEqual(accounts, [{
    id: "222222222222",
    credentials: {
      access_key_id: "222222222222",
      secret_access_key: "s",
      session_token: "t",
      expires_at: "2030-01-01T00:00:00.000Z",
      partition: "aws",
      role: "reader",
    },
  }]);
  deepStrictEqual(
    unreachable?.map(({ id, code, permission }) => [
      id,
      code,
      permission,
    ]),
    [["333333333333", "AccessDenied", "sts:AssumeRole"]],
  );
  const assumed = requests.filter(({ Action }) => Action === "AssumeRole");
  deepStrictEqual(
    assumed.map(({ RoleArn, ExternalId, RoleSessionName }) => [
      RoleArn,
      ExternalId,
      RoleSessionName,
    ]),
    ["222222222222", "333333333333"].map((id) => [
      `arn:aws:iam::${id}:role/reader`,
      "e-1",
      "skymap",
    ]),
  );
});

Deno.test("listAccounts() says of each account that no keys lead to it", async () => {
  const { accounts, unreachable } = await list({
    ...KEYS,
    role: "reader",
    account: ["222222222222", "333333333333"],
  }, { reply: () => stsRefusal(403, "ExpiredToken", "expired") });
  deepStrictEqual(accounts, []);
  deepStrictEqual(unreachable?.map(({ id, code }) => [id, code]), [
    ["222222222222", "ExpiredToken"],
    ["333333333333", "ExpiredToken"],
  ]);
});

Deno.test("listAccounts() asks the other partitions for unknown keys", async () => {
  let asked = 0;
  const { accounts } = await list(KEYS, {
    reply: (request) =>
      ++asked < 3
        ? stsRefusal(403, "InvalidClientTokenId", "unknown key")
        : answer(request),
  });
  strictEqual(accounts[0]?.credentials?.["partition"], "aws-cn");
});

Deno.test("listAccounts() knows the partition of a configured region", async () => {
  const { accounts, requests } = await list({
    ...KEYS,
    region: "us-gov-west-1",
  });
  strictEqual(accounts[0]?.credentials?.["partition"], "aws-us-gov");
  deepStrictEqual(
    requests.map(({ Action }) => Action),
    ["GetCallerIdentity", "ListAccountAliases"],
  );
});

const FILES = {
  ".aws/config": `
[profile audit]
role_arn = arn:aws:iam::222222222222:role/team/Audit
source_profile = main
[profile locked]
role_arn = arn:aws:iam::333333333333:role/Locked
source_profile = main
`,
  ".aws/credentials": `
[main]
aws_access_key_id = m
aws_secret_access_key = s
[same]
aws_access_key_id = n
aws_secret_access_key = s
`,
};

Deno.test("listAccounts() uses the named profiles", async () => {
  const { accounts, unreachable } = await list({
    profiles: ["audit", "locked", "nobody"],
    prefer_profile_as_account_name: true,
  }, {
    files: FILES,
    reply: (request) =>
      request["Action"] === "GetCallerIdentity"
        ? sts("GetCallerIdentity", "<Account>222222222222</Account>")
        : answer(request),
  });
  deepStrictEqual(
    accounts.map(({ id, name, credentials }) => [
      id,
      name,
      credentials?.["profile"],
      credentials?.["role"],
    ]),
    [["222222222222", "audit", "audit", "Audit"]],
  );
  deepStrictEqual(unreachable?.map(({ id, code }) => [id, code]), [
    ["profile:nobody", "credentials_unusable"],
    ["333333333333", "AccessDenied"],
  ]);
});

Deno.test("listAccounts() collects an account of two profiles once", async () => {
  const { accounts } = await list({}, { files: FILES });
  deepStrictEqual(
    accounts.map(({ id, credentials }) => [id, credentials?.["profile"]]),
    [["111111111111", "main"]],
  );
});

Deno.test("listAccounts() prefers keys of the environment to the files", async () => {
  const { accounts } = await list({}, {
    files: FILES,
    env: { AWS_ACCESS_KEY_ID: "env", AWS_SECRET_ACCESS_KEY: "s" },
  });
  strictEqual(accounts[0]?.credentials?.["access_key_id"], "env");
});

Deno.test("listAccounts() says where it looked in vain", async () => {
  await rejects(list({}), (error: Error) => {
    match(
      error.message,
      /access_key_id, profiles.*AWS_ACCESS_KEY_ID.*~\/\.aws/,
    );
    return true;
  });
});

/** An organisation as its API tells it; the rest is as elsewhere. */
function organisation(
  accounts: readonly { Id: string; Name?: string; Status?: string }[],
  changed: Partial<Record<string, () => Response>> = {},
): FakeAnswer {
  return (request) => {
    const action = request["Action"] ?? "ListAccounts";
    const other = changed[action];
    if (other !== undefined) return other();
    if (request["Action"] !== undefined) return answer(request);
    return Response.json({ Accounts: accounts });
  };
}

const MEMBERS = [
  { Id: "111111111111", Name: "master" },
  { Id: "222222222222", Name: "prod", Status: "ACTIVE" },
  { Id: "333333333333", Name: "locked" },
  { Id: "444444444444", Name: "closed", Status: "SUSPENDED" },
  { Id: "555555555555", Name: "left out" },
];

const ORG = {
  ...KEYS,
  role: "reader",
  scrape_org: true,
  scrape_exclude_account: ["555555555555"],
};

Deno.test("listAccounts() finds the accounts of the organisation", async () => {
  const { accounts, all, unreachable } = await list(ORG, {
    reply: organisation(MEMBERS),
  });
  deepStrictEqual(
    accounts.map(({ id, name, credentials }) => [
      id,
      name,
      credentials?.["access_key_id"],
    ]),
    [
      ["111111111111", "master", "base"],
      ["222222222222", "prod", "222222222222"],
    ],
  );
  // What is left out or closed is there all the same.
  deepStrictEqual(all, MEMBERS.map(({ Id }) => Id));
  deepStrictEqual(unreachable?.map(({ id, code }) => [id, code]), [
    ["444444444444", "account_suspended"],
    ["333333333333", "AccessDenied"],
  ]);
});

Deno.test("listAccounts() lists the organisation by a role of its own", async () => {
  const { requests } = await list({
    ...ORG,
    scrape_org_role_arn: "arn:aws:iam::111111111111:role/lister",
    do_not_scrape_current: true,
  }, { reply: organisation(MEMBERS) });
  const roles = requests.flatMap(({ RoleArn = [] }) => RoleArn);
  deepStrictEqual(roles[0], "arn:aws:iam::111111111111:role/lister");
});

const CURRENT: readonly [Record<string, boolean>, unknown[]][] = [
  [{}, ["base"]],
  [{ do_not_scrape_current: true }, []],
  [{ do_not_scrape_current: true, assume_current: true }, ["111111111111"]],
];

for (const [config, keys] of CURRENT) {
  Deno.test(`listAccounts() treats the account of the keys by ${JSON.stringify(config)}`, async () => {
    const { accounts } = await list({ ...ORG, ...config }, {
      reply: organisation(MEMBERS),
    });
    deepStrictEqual(
      accounts.filter(({ id }) => id === "111111111111")
        .map(({ credentials }) => credentials?.["access_key_id"]),
      keys,
    );
  });
}

Deno.test("listAccounts() does not know all accounts of an organisation that it may not list", async () => {
  const { accounts, all, unreachable } = await list(ORG, {
    reply: organisation(MEMBERS, {
      ListAccounts: () =>
        Response.json({ __type: "AccessDeniedException", Message: "no" }, {
          status: 400,
        }),
    }),
  });
  strictEqual(all, undefined);
  deepStrictEqual(accounts.map(({ id }) => id), ["111111111111"]);
  deepStrictEqual(
    unreachable?.map(({ id, code, permission }) => [id, code, permission]),
    [["organization", "AccessDeniedException", "organizations:ListAccounts"]],
  );
});

Deno.test("listAccounts() names an account by its alias", async () => {
  const { accounts } = await list(ORG, {
    reply: organisation(MEMBERS, { ListAccountAliases: () => aliases("acme") }),
  });
  deepStrictEqual(accounts.map(({ name }) => name), ["acme", "acme"]);
});
