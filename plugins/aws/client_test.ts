import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { AwsCallError } from "./aws_error.ts";
import { AwsClient, type PagedCall } from "./client.ts";
import { type FakeAnswer, FakeEc2, refusal, xml } from "./fake_ec2.ts";

const VOLUMES: PagedCall = {
  service: "ec2",
  operation: "DescribeVolumes",
  result: "Volumes[*]",
  pages: { input: "NextToken", output: "NextToken", size: ["MaxResults", 2] },
};

function page(ids: readonly string[], next?: string): Response {
  const items = ids.map((id) => `<item><volumeId>${id}</volumeId></item>`);
  const token = next === undefined ? "" : `<nextToken>${next}</nextToken>`;
  return xml(
    "DescribeVolumes",
    `<volumeSet>${items.join("")}</volumeSet>${token}`,
  );
}

/** Lists volumes from a made-up EC2. */
async function list(
  answer: FakeAnswer,
  { signal = new AbortController().signal, maxAttempts = 1 } = {},
): Promise<{ ids: unknown[]; requests: readonly unknown[] }> {
  await using server = new FakeEc2(answer);
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: server.endpoint,
    signal,
    maxAttempts,
  });
  const ids: unknown[] = [];
  for await (const items of client.pages("us-east-1", VOLUMES, {})) {
    ids.push(...items.map((item) => (item as { VolumeId: string }).VolumeId));
  }
  return { ids, requests: server.requests };
}

async function failure(answer: FakeAnswer): Promise<AwsCallError> {
  const thrown = await list(answer).then(() => undefined, (error) => error);
  strictEqual(thrown instanceof AwsCallError, true, String(thrown));
  return thrown;
}

Deno.test("pages() follows the token to the last page", async () => {
  const { ids, requests } = await list((request) =>
    request["NextToken"] === undefined
      ? page(["a", "b"], "more")
      : request["NextToken"] === "more"
      ? page([], "last")
      : page(["c"])
  );
  deepStrictEqual(ids, ["a", "b", "c"]);
  deepStrictEqual(
    requests.map((each) => (each as Record<string, string>)["MaxResults"]),
    ["2", "2", "2"],
  );
});

Deno.test("pages() gives nothing for an empty list", async () => {
  deepStrictEqual((await list(() => page([]))).ids, []);
});

const FAULTS: readonly [string, FakeAnswer, string, RegExp][] = [
  [
    "a refused call",
    () =>
      refusal(
        403,
        "UnauthorizedOperation",
        "You are not authorized. Encoded authorization failure message: 9qZs",
      ),
    "UnauthorizedOperation",
    /^Cannot call ec2:DescribeVolumes in us-east-1: UnauthorizedOperation: You are not authorized\.$/,
  ],
  [
    "a throttled call",
    () => refusal(503, "RequestLimitExceeded", "Request limit exceeded."),
    "RequestLimitExceeded",
    /Request limit exceeded/,
  ],
  [
    "a page after the first",
    (request) =>
      request["NextToken"] === undefined
        ? page(["a"], "more")
        : refusal(500, "InternalError", "An internal error has occurred"),
    "InternalError",
    /internal error/,
  ],
  [
    "an answer that is cut",
    () =>
      new Response("<DescribeVolumesResponse><volumeSet><item><volumeId>vo"),
    "answer_malformed",
    /XML/,
  ],
  [
    "an answer without a body",
    () => new Response(""),
    "answer_incomplete",
    /The answer is empty/,
  ],
  [
    "an answer about something else",
    () => xml("DescribeVolumes", "<vpcSet/>"),
    "answer_incomplete",
    /has no Volumes/,
  ],
  [
    "a token that leads nowhere",
    () => page(["a"], "again"),
    "answer_incomplete",
    /same page again/,
  ],
];

for (const [what, answer, code, message] of FAULTS) {
  Deno.test(`pages() throws for ${what}`, async () => {
    const error = await failure(answer);
    strictEqual(error.code, code);
    match(error.message, message);
    strictEqual(error.permission, "ec2:DescribeVolumes");
  });
}

Deno.test("pages() throws when nobody listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: `http://127.0.0.1:${port}`,
    signal: new AbortController().signal,
    maxAttempts: 1,
  });
  await rejects(
    Array.fromAsync(client.pages("us-east-1", VOLUMES, {})),
    { code: "ECONNREFUSED", permission: "ec2:DescribeVolumes" },
  );
});

Deno.test("call() tries a throttled call again", async () => {
  let tries = 0;
  const { ids } = await list(
    () =>
      ++tries === 1
        ? refusal(503, "RequestLimitExceeded", "Request limit exceeded.")
        : page(["a"]),
    { maxAttempts: 2 },
  );
  deepStrictEqual([tries, ids], [2, ["a"]]);
});

Deno.test("call() throws the reason of an abort", async () => {
  const abort = new AbortController();
  await rejects(
    list(() => {
      abort.abort(new RangeError("enough"));
      return page(["a"], "more");
    }, { signal: abort.signal }),
    { name: "RangeError", message: "enough" },
  );
});

Deno.test("usage tells calls, throttles and bytes of one kind alone", async () => {
  let tries = 0;
  const body = await page(["a", "b"]).text();
  const turnedAway = refusal(503, "RequestLimitExceeded", "Slow down.");
  const refused = await turnedAway.clone().text();
  await using server = new FakeEc2(() =>
    ++tries === 1 ? turnedAway : page(["a", "b"])
  );
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: server.endpoint,
    signal: new AbortController().signal,
  });
  const volumes = client.forKind("aws_ec2_volume");
  await Array.fromAsync(volumes.pages("us-east-1", VOLUMES, {}));
  const { waited_ms, ...usage } = volumes.usage;
  deepStrictEqual(usage, {
    calls: 2,
    throttles: 1,
    bytes: body.length + refused.length,
  });
  strictEqual(waited_ms >= 0, true);
  strictEqual(client.forKind("aws_vpc").usage.calls, 0);
});

Deno.test("call() goes on with fresh keys when AWS says they have ended", async () => {
  let keys = "old";
  const signed: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request) => {
      const key = /Credential=([^/]+)/.exec(
        request.headers.get("authorization") ?? "",
      )?.[1] ?? "";
      signed.push(key);
      return key === "old"
        ? refusal(400, "ExpiredToken", "The token has expired")
        : page(["a"]);
    },
  );
  using client = new AwsClient({
    credentials: ({ renew = false } = {}) => {
      if (renew) keys = "new";
      return Promise.resolve({ accessKeyId: keys, secretAccessKey: "b" });
    },
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    signal: new AbortController().signal,
  });
  await client.call("us-east-1", VOLUMES, {});
  deepStrictEqual(signed, ["old", "new"]);
  await server.shutdown();
});

Deno.test("call() does not make a call twice that may have had its effect", async () => {
  const asked: string[] = [];
  await using server = new FakeEc2(({ Action = "" }) => {
    asked.push(Action);
    return asked.length === 1 && Action === "RunInstances"
      ? refusal(503, "RequestLimitExceeded", "Slow down.")
      : refusal(500, "InternalError", "An internal error has occurred");
  });
  using client = new AwsClient({
    credentials: { accessKeyId: "a", secretAccessKey: "b" },
    endpoint: server.endpoint,
    signal: new AbortController().signal,
    maxAttempts: 3,
  });
  const call = async (operation: string) => {
    const input = operation === "RunInstances"
      ? { MinCount: 1, MaxCount: 1 }
      : { InstanceIds: ["i-1"] };
    await rejects(
      client.call("us-east-1", { service: "ec2", operation }, input),
    );
    return asked.splice(0);
  };
  // What is throttled has no effect; what fails may have.
  deepStrictEqual(await call("RunInstances"), ["RunInstances", "RunInstances"]);
  strictEqual((await call("TerminateInstances")).length, 3);
  strictEqual((await call("DescribeInstances")).length, 3);
});
