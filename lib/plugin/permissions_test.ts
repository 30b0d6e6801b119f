import { deepStrictEqual, match, ok, throws } from "node:assert/strict";
import fc from "fast-check";
import type { PermissionRequest } from "./contract.ts";
import {
  permissionFaults,
  permissionFlags,
  resolvePermissions,
} from "./permissions.ts";

const ACCEPTED: PermissionRequest = {
  net: [
    "api.example.com",
    "api.example.com:443",
    "*.amazonaws.com:443",
    "10.0.0.1:8080",
    "[::1]:8080",
    { config: "endpoint" },
  ],
  env: ["HOME", "AWS_*"],
  read: ["~/.aws/config", "/etc/ssl/certs"],
  sys: ["osRelease"],
  graph: ["search", "clean", "protect", "tag"],
};

const REFUSED: readonly (readonly [string, string])[] = [
  ["net", "*"],
  ["net", "*:443"],
  ["net", ":443"],
  ["net", "*.com"],
  ["net", "*.com:443"],
  ["net", "https://api.example.com"],
  ["net", "api.example.com/path"],
  ["net", "a.example.com,b.example.com"],
  ["net", "api.example.com:99999"],
  ["net", "0.0.0.0/0"],
  ["net", ""],
  ["env", "*"],
  ["env", "A,B"],
  ["env", "A*B"],
  ["env", "SKYMAP_WORKER_PSK"],
  ["env", "SKYMAP_*"],
  ["env", "SKY*"],
  ["env", "skymap_worker_psk"],
  ["read", "/"],
  ["read", "~/"],
  ["read", "relative"],
  ["read", "/etc/../root"],
  ["read", "/a,/b"],
  ["read", "/proc/self/environ"],
  ["read", "//proc/self"],
  ["read", "/dev/mem"],
  ["sys", "*"],
  ["sys", "setPriority"],
  ["graph", "*"],
  ["graph", "delete"],
  ["ffi", "libc.so"],
  ["run", "sh"],
  ["write", "/tmp/x"],
  ["import", "example.com"],
  ["all", "true"],
];

Deno.test("permissionFaults() lets through what can be granted", () => {
  deepStrictEqual(permissionFaults(ACCEPTED), []);
});

for (const [name, value] of REFUSED) {
  Deno.test(`permissionFaults() refuses ${name} "${value}"`, () => {
    ok(permissionFaults({ [name]: [value] }).length > 0);
  });
}

Deno.test("resolvePermissions() fills in the hosts that are configured", () => {
  const hosts = (endpoint: unknown) =>
    resolvePermissions({ net: [{ config: "aws.endpoint" }] }, {
      config: { aws: { endpoint } } as never,
    }).net;
  deepStrictEqual(hosts("http://localhost:5000/x"), ["localhost:5000"]);
  deepStrictEqual(hosts("https://ec2.example.com"), ["ec2.example.com:443"]);
  deepStrictEqual(hosts(["http://a.test", "http://b.test"]), [
    "a.test:80",
    "b.test:80",
  ]);
  deepStrictEqual(hosts(undefined), []);
  throws(() => hosts("localhost:5000"), { code: "config_invalid" });
  throws(() => hosts("file:///etc/passwd"), { code: "config_invalid" });
});

Deno.test("resolvePermissions() reads paths below the operator's home", () => {
  const request = { read: ["~/.aws/config"] };
  deepStrictEqual(
    resolvePermissions(request, { config: {}, home: "/home/ada" }).read,
    ["/home/ada/.aws/config"],
  );
  deepStrictEqual(resolvePermissions(request, { config: {} }).read, []);
  throws(
    () => resolvePermissions(request, { config: {}, home: "/a,/b" }),
    { code: "config_invalid" },
  );
});

Deno.test("permissionFlags() names nothing for nothing", () => {
  deepStrictEqual(
    permissionFlags(resolvePermissions({}, { config: {} })),
    [],
  );
});

Deno.test("resolvePermissions() never gives more than was written, whatever is asked", () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom(
      "*",
      ",",
      "a.example.com",
      "--allow-all",
      "/",
      "HOME",
      "~/x",
    ),
    fc.tuple(
      fc.string(),
      fc.constantFrom(",", " ", "\n", "=", "*"),
      fc.string(),
    )
      .map((parts) => parts.join("")),
  );
  const request = fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        "net",
        "env",
        "read",
        "sys",
        "run",
        "ffi",
        "write",
        "all",
      ),
      fc.string(),
    ),
    fc.array(word, { maxLength: 3 }),
    { maxKeys: 3 },
  );
  fc.assert(
    fc.property(request, (asked) => {
      const faults = permissionFaults(asked);
      if (faults.length > 0) {
        throws(() => resolvePermissions(asked, { config: {} }), {
          code: "plugin_invalid",
        });
        return;
      }
      const flags = permissionFlags(
        resolvePermissions(asked, { config: {}, home: "/home/ada" }),
      );
      for (const flag of flags) {
        match(
          flag,
          /^--allow-(net|env|read|sys)=[^,\s*][^\s]*$|^--allow-net=\*\./,
        );
        const [name = "", values = ""] = flag.replace("--allow-", "").split(
          "=",
        );
        const written = asked[name]?.map((each) =>
          each.replace(/^~/, "/home/ada")
        );
        deepStrictEqual(values.split(","), written);
      }
    }),
    { numRuns: 2_000 },
  );
});
