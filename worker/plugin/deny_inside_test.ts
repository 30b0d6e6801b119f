import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { denyInside } from "./deny_inside.ts";

/** What is granted, and whether own and link-local addresses stay closed. */
const CASES: readonly (readonly [
  net: readonly string[],
  proxies: readonly string[],
  own: boolean,
  linkLocal: boolean,
])[] = [
  [["api.example:443", "*.b.example"], [""], true, true],
  [["127.0.0.1:8080"], [], false, true],
  [["localhost"], [], false, true],
  [["[::1]:80"], [], false, true],
  [["169.254.169.254:80"], [], true, false],
  [["localhost.example", "x127.0.0.1.example"], [], true, true],
  [["api.example"], ["http://127.0.0.1:3128"], false, true],
  [["api.example"], ["localhost:3128"], false, true],
  [["api.example"], ["http://proxy.example:3128"], true, true],
];

for (const [net, proxies, own, linkLocal] of CASES) {
  Deno.test(`denyInside() of ${net} through ${proxies}`, () => {
    const flag = denyInside({ net }, proxies).join();
    strictEqual(flag.includes("127.0.0.0/8"), own);
    strictEqual(flag.includes("169.254.0.0/16"), linkLocal);
  });
}

Deno.test("denyInside() closes nothing where nothing is open", () => {
  deepStrictEqual(denyInside({ net: [] }, []), []);
});

Deno.test("Deno knows each address that denyInside() names", async () => {
  const [flag = ""] = denyInside({ net: ["api.example"] }, []);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    () => new Response("inside"),
  );
  const reach = async (...flags: readonly string[]) => {
    const script = `await fetch("http://localhost:${server.addr.port}/")
      .then((answer) => answer.text())
      .then(console.log, (error) => console.log(String(error.cause ?? error)));`;
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-prompt",
        "--no-config",
        "--allow-net=localhost",
        ...flags,
        `data:text/javascript,${encodeURIComponent(script)}`,
      ],
      env: { NO_COLOR: "1" },
    }).output();
    const decoder = new TextDecoder();
    return decoder.decode(stdout) + decoder.decode(stderr);
  };
  strictEqual(await reach(), "inside\n");
  // The name is granted, but leads inside.
  const refused = await reach(flag);
  ok(/Requires net access to "127\.0\.0\.1:/.test(refused), refused);
});
