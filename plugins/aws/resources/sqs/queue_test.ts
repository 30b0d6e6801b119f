import { deepStrictEqual } from "node:assert/strict";
import { AwsClient } from "../../client.ts";
import { listItems } from "../../list_items.ts";
import { RegionFindings } from "../../region_findings.ts";
import { QUEUE } from "./queue.ts";

Deno.test("a region without queues has none: SQS leaves the list out", async () => {
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    () => Response.json({}),
  );
  using client = new AwsClient({
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    maxAttempts: 1,
    signal: new AbortController().signal,
  });
  const pages = listItems(
    client,
    "eu-west-1",
    QUEUE.list,
    new RegionFindings([]),
  );
  deepStrictEqual(await Array.fromAsync(pages), [[]]);
});
