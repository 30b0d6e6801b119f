import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { AwsCallError } from "./aws_error.ts";
import { CallLimits } from "./call_limits.ts";
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
    limits: new CallLimits(),
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
    /has no Volumes/,
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
    limits: new CallLimits(),
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
