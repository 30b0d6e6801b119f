/**
 * Calls every service once at the address that it is given, and prints what went
 * wrong with each, as JSON. Run with the permissions of a collect alone.
 *
 * @module
 */

import { AwsCallError } from "./aws_error.ts";
import { AwsClient } from "./client.ts";
import type { CallName } from "./declaration.ts";
import { RESOURCES } from "./resources/mod.ts";
import { type ServiceName, SERVICES } from "./services.ts";

/** Calls of services that no kind is listed by. */
const OTHERS: readonly CallName[] = [
  { service: "apigatewayv2", operation: "GetApis" },
  { service: "organizations", operation: "ListRoots" },
  { service: "pricing", operation: "DescribeServices" },
  { service: "sts", operation: "GetCallerIdentity" },
];

function callOf(service: ServiceName): CallName | undefined {
  const lists = RESOURCES.flatMap(({ list }) =>
    "operation" in list && !("each" in list) ? [list] : []
  );
  return [...lists, ...OTHERS].find((call) => call.service === service);
}

const [endpoint = ""] = Deno.args;
using client = new AwsClient({
  credentials: { accessKeyId: "a", secretAccessKey: "b" },
  endpoint,
  signal: new AbortController().signal,
  maxAttempts: 1,
});
const codes: Record<string, string> = {};
for (const service of Object.keys(SERVICES) as ServiceName[]) {
  const call = callOf(service);
  if (call === undefined) {
    codes[service] = "no call is known";
    continue;
  }
  try {
    await client.call("us-east-1", call, {});
  } catch (error) {
    const { code, message } = error as AwsCallError;
    codes[service] = error instanceof AwsCallError ? code : message;
  }
}
await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(codes)));
