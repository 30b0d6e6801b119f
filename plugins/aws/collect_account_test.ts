import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { collectPlugin } from "@skymap/lib/testing";
import { packAccess } from "./account_credentials.ts";
import { collectAccount } from "./collect_account.ts";
import type { ResourceDeclaration } from "./declaration.ts";
import {
  type FakeAnswer,
  FakeEc2,
  refusal,
  stsRefusal,
  xml,
} from "./fake_ec2.ts";
import { ACCOUNT_KIND, kindsOf, REGION_KIND } from "./kinds.ts";
import { text } from "./property.ts";
import { VOLUME } from "./resources/ec2/volume.ts";
import { VOLUME_TYPE } from "./resources/ec2/volume_type.ts";
import { readConfig } from "./settings.ts";

const ACCOUNT = "111111111111";

/** An answer of IAM: what it tells stands in an element of its own. */
function iam(action: string, inside: string): Response {
  return new Response(
    `<${action}Response><${action}Result>${inside}</${action}Result></${action}Response>`,
    { headers: { "content-type": "text/xml" } },
  );
}

/** Kinds of an account as a whole: its users. */
const USER: ResourceDeclaration = {
  kind: "aws_user",
  description: "A user",
  place: "global",
  list: {
    service: "iam",
    operation: "ListUsers",
    result: "Users[*]",
    pages: { input: "Marker", output: "Marker" },
  },
  id: "Arn",
  properties: { name: text("UserName") },
};

/** An account with one user, two regions and a volume in each. */
const ANSWERS: Readonly<Record<string, FakeAnswer>> = {
  DescribeRegions: () =>
    xml(
      "DescribeRegions",
      "<regionInfo><item><regionName>eu-west-1</regionName></item><item><regionName>us-east-1</regionName></item></regionInfo>",
    ),
  DescribeVolumes: () =>
    xml(
      "DescribeVolumes",
      "<volumeSet><item><volumeId>vol-1</volumeId><volumeType>gp3</volumeType></item></volumeSet>",
    ),
  ListUsers: () =>
    iam(
      "ListUsers",
      "<Users><member><Arn>arn:u</Arn><UserName>u</UserName></member></Users><IsTruncated>false</IsTruncated>",
    ),
  ListAccountAliases: () =>
    iam(
      "ListAccountAliases",
      "<AccountAliases><member>acme</member></AccountAliases>",
    ),
  GetAccountSummary: () =>
    iam(
      "GetAccountSummary",
      "<SummaryMap><entry><key>Users</key><value>7</value></entry></SummaryMap>",
    ),
  GetAccountPasswordPolicy: () => stsRefusal(404, "NoSuchEntity", "none"),
};

const NO_ORGANIZATION = Response.json(
  { __type: "AWSOrganizationsNotInUseException", Message: "none" },
  { status: 400 },
);

/** Collects it, with some answers changed. */
async function collect(
  changed: Readonly<Record<string, FakeAnswer>> = {},
  config: Readonly<Record<string, unknown>> = {},
) {
  const answers = { ...ANSWERS, ...changed };
  await using server = new FakeEc2((request) => {
    const answer = answers[request["Action"] ?? "organizations"];
    return answer?.(request) ?? NO_ORGANIZATION.clone();
  });
  const resources = [VOLUME, VOLUME_TYPE, USER];
  const found = await collectPlugin({
    name: "aws",
    version: "0.0.0",
    description: "Some of AWS",
    containers: { account: ACCOUNT_KIND, region: REGION_KIND },
    kinds: kindsOf(resources),
    config: { parse: readConfig },
    permissions: {},
    accounts: () => ({
      accounts: [{
        id: ACCOUNT,
        credentials: packAccess({
          partition: "aws",
          credentials: { accessKeyId: "a", secretAccessKey: "b" },
        }),
      }],
    }),
    collect: (context) => collectAccount(context, resources),
  }, { config: { ...config, endpoint: server.endpoint } });
  return { ...found, actions: server.actions };
}

Deno.test("collectAccount() lists what the account has as a whole once", async () => {
  const { actions, faults, scopes } = await collect();
  deepStrictEqual(faults, []);
  deepStrictEqual([...scopes.keys()].sort(), [
    `${ACCOUNT}//aws_account`,
    `${ACCOUNT}//aws_organizational_root`,
    `${ACCOUNT}//aws_organizational_unit`,
    `${ACCOUNT}//aws_region`,
    `${ACCOUNT}//aws_user`,
    `${ACCOUNT}/eu-west-1/aws_ec2_volume`,
    `${ACCOUNT}/eu-west-1/aws_ec2_volume_type`,
    `${ACCOUNT}/us-east-1/aws_ec2_volume`,
    `${ACCOUNT}/us-east-1/aws_ec2_volume_type`,
  ]);
  strictEqual(actions.filter((action) => action === "ListUsers").length, 1);
  deepStrictEqual(scopes.get(`${ACCOUNT}//aws_account`)?.nodes[0]?.reported, {
    name: ACCOUNT,
    arn: `arn:aws:iam::${ACCOUNT}:root`,
    partition: "aws",
    account_alias: "acme",
    is_organization_member: false,
    is_organization_master: false,
    users: 7,
  });
});

Deno.test("collectAccount() says nothing of a service that a region does not have", async () => {
  const { issues, scopes } = await collect({
    DescribeVolumes: () =>
      refusal(400, "UnsupportedOperation", "Not here, and never was"),
  });
  const kinds = [...scopes.keys()].filter((key) => key.includes("volume"));
  // Neither complete, which would delete, nor failed for ever.
  deepStrictEqual(kinds, []);
  deepStrictEqual(
    issues.map(({ level, details }) => [level, details]),
    ["eu-west-1", "us-east-1"].map((region) => [
      "info",
      {
        account: ACCOUNT,
        region,
        kinds: ["aws_ec2_volume", "aws_ec2_volume_type"],
      },
    ]),
  );
});

Deno.test("collectAccount() takes keys that are not valid for a failure", async () => {
  const { scopes } = await collect({
    DescribeVolumes: () =>
      refusal(401, "AuthFailure", "AWS was not able to validate the keys"),
  });
  const failed = scopes.get(`${ACCOUNT}/us-east-1/aws_ec2_volume`)?.error;
  strictEqual(failed?.code, "AuthFailure");
  // What goes by a list that failed has failed as well.
  ok(scopes.get(`${ACCOUNT}/us-east-1/aws_ec2_volume_type`)?.error);
});

Deno.test("collectAccount() names the action that an account's facts need", async () => {
  const changed: Record<string, FakeAnswer> = {
    GetAccountSummary: () => stsRefusal(403, "AccessDenied", "not authorized"),
  };
  const { scopes } = await collect(changed);
  const failed = scopes.get(`${ACCOUNT}//aws_account`)?.error;
  strictEqual(failed?.permission, "iam:GetAccountSummary");
  match(failed?.message ?? "", /iam:GetAccountSummary/);
  // Whoever does not want them needs no such action.
  const without = await collect(changed, { no_collect: "aws_account" });
  deepStrictEqual(
    without.scopes.get(`${ACCOUNT}//aws_account`)?.nodes[0]?.reported["name"],
    ACCOUNT,
  );
});

Deno.test("collectAccount() collects the organisation that the account manages", async () => {
  const organization = {
    Organization: { Id: "o-1", Arn: "arn:o", MasterAccountId: ACCOUNT },
  };
  /** By what is asked for, which is all that these calls differ in. */
  const parts = (parent: string | undefined, count: number): unknown =>
    parent === undefined
      ? count === 1 ? organization : { Roots: [{ Id: "r-1", Name: "Root" }] }
      : { parent };
  let asked = 0;
  const members: Record<string, string[]> = {
    "r-1": [ACCOUNT],
    "ou-1": ["222222222222"],
  };
  const told = new Map<string, number>();
  const { scopes } = await collect({
    organizations: (request) => {
      const body = JSON.parse(Object.keys(request)[0] ?? "{}");
      const parent: string | undefined = body["ParentId"];
      if (parent === undefined) return Response.json(parts(parent, ++asked));
      const times = (told.get(parent) ?? 0) + 1;
      told.set(parent, times);
      // Members are asked for before units.
      return Response.json(
        times === 1
          ? { Accounts: members[parent]?.map((Id) => ({ Id })) ?? [] }
          : {
            OrganizationalUnits: parent === "r-1"
              ? [{ Id: "ou-1", Name: "Prod" }]
              : [],
          },
      );
    },
  });
  const root = scopes.get(`${ACCOUNT}//aws_organizational_root`);
  const unit = scopes.get(`${ACCOUNT}//aws_organizational_unit`);
  deepStrictEqual(root?.nodes.map(({ id }) => id), ["r-1"]);
  deepStrictEqual(unit?.nodes.map(({ id }) => id), ["ou-1"]);
  strictEqual(unit?.edges.length, 1);
  const account = scopes.get(`${ACCOUNT}//aws_account`)?.nodes[0]?.reported;
  strictEqual(account?.["is_organization_master"], true);
});

/** Answers calls that are no query: of prices as told, of organisations none. */
function prices(answer: (asked: string) => Response): FakeAnswer {
  return (request) => {
    const asked = Object.keys(request).join();
    return asked.includes("AmazonEC2")
      ? answer(asked)
      : NO_ORGANIZATION.clone();
  };
}

Deno.test("collectAccount() finds the price of a volume type in its region", async () => {
  const { issues, scopes } = await collect({
    organizations: prices((asked) => {
      const USD = asked.includes('"eu-west-1"') ? "0.0880000000" : "0.0800";
      const terms = {
        OnDemand: {
          a: {
            priceDimensions: { b: { unit: "GB-Mo", pricePerUnit: { USD } } },
          },
        },
      };
      return Response.json({ PriceList: [JSON.stringify({ terms })] });
    }),
  });
  deepStrictEqual(
    ["eu-west-1", "us-east-1"].map((region) =>
      scopes.get(`${ACCOUNT}/${region}/aws_ec2_volume_type`)?.nodes[0]?.reported
    ),
    [0.088, 0.08].map((ondemand_cost) => ({
      name: "gp3",
      volume_type: "gp3",
      ondemand_cost,
    })),
  );
  deepStrictEqual(issues, []);
});

Deno.test("collectAccount() says once that prices are missing, and what is denied", async () => {
  const { issues, scopes } = await collect({
    organizations: prices(() =>
      Response.json(
        { __type: "AccessDeniedException", Message: "not allowed" },
        { status: 400 },
      )
    ),
  });
  const nodes = scopes.get(`${ACCOUNT}/eu-west-1/aws_ec2_volume_type`)?.nodes;
  deepStrictEqual(nodes?.map(({ reported }) => reported), [
    { name: "gp3", volume_type: "gp3" },
  ]);
  strictEqual(issues.length, 1);
  match(issues[0]?.message ?? "", /^There are no prices: .*not allowed/);
  deepStrictEqual(issues[0]?.details, {
    account: ACCOUNT,
    code: "AccessDeniedException",
    kinds: ["aws_ec2_volume_type"],
    permission: "pricing:GetProducts",
    regions: ["eu-west-1", "us-east-1"],
  });
});
