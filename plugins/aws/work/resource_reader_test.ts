import { deepStrictEqual } from "node:assert/strict";
import { AwsClient } from "../client.ts";
import { REPOSITORY } from "../resources/ecr/repository.ts";
import { ResourceReader } from "./resource_reader.ts";
import { MACHINE_CLOCK } from "./work_clock.ts";

Deno.test("one resource is asked for without a size of pages", async () => {
  const asked: unknown[] = [];
  const { signal } = new AbortController();
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    async (request) => {
      asked.push(await request.json());
      return Response.json({ repositories: [] });
    },
  );
  using client = new AwsClient({
    credentials: { accessKeyId: "key", secretAccessKey: "secret" },
    endpoint: `http://127.0.0.1:${server.addr.port}`,
    maxAttempts: 1,
    signal,
  });
  const reader = new ResourceReader({
    account: { id: "111111111111", partition: "aws" },
    client,
    clock: MACHINE_CLOCK,
    config: { collect_instance_user_data: false },
    resources: new Map(),
    signal,
    [Symbol.dispose]: () => {},
  });
  const target = {
    id: "shop",
    region: "eu-west-1",
    account: "111111111111",
    partition: "aws",
    reported: {},
  };
  await reader.read(REPOSITORY, target, 0);
  // ECR refuses a size beside names.
  deepStrictEqual(asked, [{ repositoryNames: ["shop"] }]);
});
