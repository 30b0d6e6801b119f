import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { COLLECT_PERMISSIONS } from "./permissions.ts";
import { SERVICES } from "./services.ts";

const read = (name: string) =>
  Deno.readTextFile(new URL(`testdata/${name}`, import.meta.url));

Deno.test("COLLECT_PERMISSIONS are enough to call every service over TLS", async () => {
  const { env = [], sys = [] } = COLLECT_PERMISSIONS;
  const called = new Set<string>();
  await using server = Deno.serve({
    hostname: "localhost",
    port: 0,
    cert: await read("localhost.pem"),
    key: await read("localhost.key"),
    onListen() {},
  }, (request) => {
    // …/us-east-1/ec2/aws4_request
    const [, service = ""] = /\/([a-z0-9-]+)\/aws4_request/.exec(
      request.headers.get("authorization") ?? "",
    ) ?? [];
    called.add(service);
    return new Response("{}", { status: 418 });
  });
  const at = `localhost:${server.addr.port}`;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--no-check",
      `--allow-net=${at}`,
      `--allow-env=${env.join(",")}`,
      `--allow-sys=${sys.join(",")}`,
      new URL("_call_services.ts", import.meta.url).pathname,
      `https://${at}`,
    ],
    env: {
      DENO_CERT: new URL("testdata/authority.pem", import.meta.url).pathname,
    },
  }).output();
  const decoder = new TextDecoder();
  const codes: Record<string, string> = JSON.parse(
    decoder.decode(stdout) || JSON.stringify({ all: decoder.decode(stderr) }),
  );
  // What the server answers is no error of AWS; anything else never came to it.
  const bad = Object.entries(codes)
    .filter(([, code]) => /NotCapable|no call|ECONN|network/i.test(code));
  deepStrictEqual(bad, []);
  strictEqual(Object.keys(codes).length, Object.keys(SERVICES).length);
  // elb and elbv2, and both kinds of gateways, sign alike.
  strictEqual(called.size, Object.keys(SERVICES).length - 2);
});
