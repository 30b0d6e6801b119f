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

/** Roles named `locked` cannot be assumed; who asks is account 1…1. */
const answer: FakeAnswer = (request) => {
  if (request["Action"] === "GetCallerIdentity") {
    return sts("GetCallerIdentity", "<Account>111111111111</Account>");
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
  strictEqual(requests.length, 1);
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
