import { deepStrictEqual, match } from "node:assert/strict";
import type { GraphNode, Json, JsonObject } from "@skymap/lib/plugin";
import { type FakeAnswer, FakeEc2, refusal, xml } from "../fake_ec2.ts";
import { readConfig } from "../settings.ts";
import { awsCommand } from "./aws_command.ts";

function instance(id: string, account = "111111111111"): JsonObject {
  return {
    id: `node-${id}`,
    kinds: ["aws_ec2_instance", "instance", "aws_resource", "resource"],
    reported: { kind: "aws_ec2_instance", id, tags: { owner: "lukas" } },
    ancestors: {
      account: { reported: { id: account } },
      region: { reported: { id: "eu-west-1" } },
    },
  };
}

interface Ran {
  readonly written: readonly Json[];
  readonly requests: FakeEc2["requests"];
  readonly issues: readonly string[];
  readonly accounts: readonly string[];
  readonly failure: Error | undefined;
}

async function run(
  line: string | readonly string[],
  input: readonly Json[] = [],
  answer: FakeAnswer = () =>
    xml("StopInstances", "<instancesSet></instancesSet>"),
  known: readonly string[] = ["111111111111"],
): Promise<Ran> {
  await using server = new FakeEc2(answer);
  const written: Json[] = [];
  const issues: string[] = [];
  const accounts: string[] = [];
  let failure: Error | undefined;
  try {
    await awsCommand({
      args: typeof line === "string"
        ? line.split(" ").filter((word) => word !== "")
        : line,
      input,
      config: readConfig({
        access_key_id: "a",
        secret_access_key: "b",
        endpoint: server.endpoint,
      }),
      signal: new AbortController().signal,
      accountOf(id) {
        accounts.push(id);
        return Promise.resolve({
          id,
          credentials: {
            access_key_id: `key-of-${id}`,
            secret_access_key: "secret",
            partition: "aws",
          },
        });
      },
      graph: {
        async *search(): AsyncGenerator<GraphNode> {
          for (const id of known) yield { id, reported: { id } };
        },
      } as never,
      issue: (_level, message) => void issues.push(message),
      write: (value) => Promise.resolve(void written.push(value)),
    });
  } catch (error) {
    failure = error as Error;
  }
  return { written, requests: server.requests, issues, accounts, failure };
}

Deno.test("aws calls once for each node, in its account and region", async () => {
  const ran = await run(
    "ec2 stop-instances --instance-ids {id} --force",
    [instance("i-1"), instance("i-2", "222222222222")],
    ({ "InstanceId.1": id }) =>
      xml(
        "StopInstances",
        `<instancesSet><item><instanceId>${id}</instanceId></item></instancesSet>`,
      ),
  );
  deepStrictEqual(ran.failure, undefined);
  deepStrictEqual(
    ran.written,
    ["i-1", "i-2"].map((InstanceId) => ({
      StoppingInstances: [{ InstanceId }],
    })),
  );
  deepStrictEqual(
    ran.requests.map((each) => [
      each["Action"],
      each["InstanceId.1"],
      each["Force"],
    ]).sort(),
    [["StopInstances", "i-1", "true"], ["StopInstances", "i-2", "true"]],
  );
  deepStrictEqual(ran.accounts, ["111111111111", "222222222222"]);
});

Deno.test("aws makes no call before every node is known to be good", async () => {
  const stranger = { id: "x", kinds: ["demo_volume"], reported: { id: "x" } };
  for (
    const [line, input, message] of [
      [
        "ec2 stop-instances --instance-ids {id}",
        [instance("i-1"), stranger],
        /is no resource of AWS/,
      ],
      [
        "ec2 stop-instances --instance-ids {tags.team}",
        [instance("i-1")],
        /aws_ec2_instance i-1: .*no single value at tags\.team/,
      ],
      [
        "ec2 stop-instances --instance-ids {id}",
        [],
        /nothing fills: no nodes come in/,
      ],
      [
        "ec2 stop-instancess --instance-ids {id}",
        [instance("i-1")],
        /no operation "stop-instancess"; there is .*stop-instances/,
      ],
      ["ec3 stop-instances", [], /no service "ec3" here, wanted one of acm/],
      [
        "ec2 stop-instances --instance-id i-1",
        [],
        /there is no "instance-id", wanted one of .*InstanceIds/,
      ],
      ["ec2 stop-instances --instance-ids", [], /--instance-ids has no value/],
      ["ec2", [], /service or operation is missing/],
      ["ec2 stop-instances i-1", [], /"i-1" belongs to no parameter/],
      [
        "ec2 stop-instances --query x --instance-ids i-1",
        [],
        /--query is not for here: `jq`/,
      ],
      [
        "ec2 describe-volumes --max-results many",
        [],
        /--max-results: "many" is no value, wanted a number/,
      ],
      [
        "ec2 describe-volumes --region mars-1/..",
        [],
        /--region: "mars-1\/\.\." is no region, wanted one such as eu-west-1/,
      ],
      ["ec2 stop-instances --constructor x", [], /there is no "constructor"/],
      [
        "ec2 describe-spot-price-history --start-time 1",
        [],
        /"1" is no value, wanted a time/,
      ],
      [
        'ec2 create-tags --resources i-1 --tags [{"Key":"a","Value":1}]',
        [],
        /--tags.Value: "1" is no value, wanted a text/,
      ],
      [
        'ec2 run-instances --min-count 1 --max-count 1 --block-device-mappings [{"Ebs":{"VolumeSize":"big"}}]',
        [],
        /VolumeSize: "big" is no value, wanted a number/,
      ],
      [
        'ec2 create-tags --resources i-1 --tags [{"Key":"a","Value":"{name}"}]',
        [],
        /nothing fills: no nodes come in/,
      ],
      [
        "ec2 describe-volumes --filters Name=a,Value=b",
        [],
        /--filters: there is no "Value", wanted one of Name, Values/,
      ],
    ] as const
  ) {
    const ran = await run(line, input);
    match(ran.failure?.message ?? "", message);
    deepStrictEqual(ran.requests, [], line);
  }
});

Deno.test("aws reads lists, JSON and short forms of values", async () => {
  const answer: FakeAnswer = () =>
    xml("DescribeVolumes", "<volumeSet></volumeSet>");
  const forms = [
    "--filters Name=status,Values=available,error Name=size,Values=8",
    '--filters [{"Name":"status","Values":["available","error"]},{"name":"size","values":["8"]}]',
    "--region us-west-2 --filters Name=status,Values=[available,error] Name=size,Values=8",
  ];
  for (const form of forms) {
    const ran = await run(`ec2 describe-volumes ${form}`, [], answer);
    deepStrictEqual(ran.failure, undefined);
    deepStrictEqual(
      ["Name", "Value.1", "Value.2"].map((name) =>
        ran.requests[0]?.[`Filter.1.${name}`]
      ),
      ["status", "available", "error"],
    );
    deepStrictEqual(ran.requests[0]?.["Filter.2.Value.1"], "8");
  }
});

Deno.test("aws goes on when a call fails, and fails at the end", async () => {
  const ran = await run(
    "ec2 stop-instances --instance-ids {id}",
    [instance("i-1"), instance("i-2"), instance("i-3")],
    ({ "InstanceId.1": id }) =>
      id === "i-2"
        ? refusal(403, "UnauthorizedOperation", "You may not.")
        : xml("StopInstances", "<instancesSet></instancesSet>"),
  );
  deepStrictEqual(ran.written.length, 2);
  match(
    ran.failure?.message ?? "",
    /^1 of 3 calls failed, 2 were answered; the first: aws_ec2_instance i-2: .*ec2:StopInstances/,
  );
  match(ran.issues[0] ?? "", /UnauthorizedOperation/);
});

Deno.test("aws without nodes takes the only account, and asks when there are more", async () => {
  const one = await run("ec2 stop-instances --instance-ids i-1");
  deepStrictEqual(one.accounts, ["111111111111"]);
  const many = await run(
    "ec2 stop-instances --instance-ids i-1",
    [],
    undefined,
    ["1", "2"],
  );
  match(many.failure?.message ?? "", /several accounts, wanted --account ID/);
  const named = await run(
    "--account 2 ec2 stop-instances --instance-ids i-1",
    [],
    undefined,
    ["1", "2"],
  );
  deepStrictEqual(named.accounts, ["2"]);
});

Deno.test("aws takes what a node holds for a value, whatever it looks like", async () => {
  const name = "a,Key=owner,Value=--force {id} 🚀";
  const node = instance("i-1");
  const odd = {
    ...node,
    reported: { ...node["reported"] as JsonObject, name, flag: "--dry-run" },
  };
  const answer: FakeAnswer = () => xml("CreateTags", "<return>true</return>");
  const forms = [
    "Key=via,Value={name}",
    '[{"Key":"via","Value":"{name}"}]',
  ];
  for (const form of forms) {
    const ran = await run(
      ["ec2", "create-tags", "--resources", "{flag}", "--tags", form],
      [odd],
      answer,
    );
    deepStrictEqual(ran.failure, undefined, form);
    const [sent = {}] = ran.requests;
    deepStrictEqual(
      Object.entries(sent).filter(([key]) => /^(Tag|Res|Dry)/.test(key)),
      [["ResourceId.1", "--dry-run"], ["Tag.1.Key", "via"], [
        "Tag.1.Value",
        name,
      ]],
      form,
    );
  }
});

Deno.test("aws takes JSON for a text where a text is wanted", async () => {
  const policy = JSON.stringify({
    Resource: "arn:aws:s3:::b/${aws:username}/{{id}}",
    Owner: "{id}",
    Inner: '{"a":{"b":{}}}',
  });
  const ran = await run(
    [
      "ec2",
      "modify-vpc-endpoint",
      "--vpc-endpoint-id",
      "vpce-1",
      "--policy-document",
      policy,
    ],
    [instance("i-1")],
    () => xml("ModifyVpcEndpoint", "<return>true</return>"),
  );
  deepStrictEqual(ran.failure, undefined);
  deepStrictEqual(JSON.parse(ran.requests[0]?.["PolicyDocument"] ?? ""), {
    Resource: "arn:aws:s3:::b/${aws:username}/{id}",
    Owner: "i-1",
    Inner: '{"a":{"b":{}}}',
  });
});

Deno.test("aws tells that an answer is a first page", async () => {
  const ran = await run(
    "ec2 describe-volumes --region us-east-1",
    [],
    () =>
      xml(
        "DescribeVolumes",
        "<volumeSet></volumeSet><nextToken>abc</nextToken>",
      ),
  );
  deepStrictEqual(ran.failure, undefined);
  deepStrictEqual(ran.issues, [
    "1 of 1 answers are a first page: more follows by ec2 describe-volumes: NextToken",
  ]);
});
