import { deepStrictEqual, ok } from "node:assert/strict";
import { permissionsOf } from "./roles.ts";

const PLACES = {
  app: "/app",
  data: "/data",
  deno: "/deno",
  cache: "/cache",
  net: ["127.0.0.1:8900"],
  files: [],
};

Deno.test("permissionsOf() lets commands that ask core reach core and its key alone", () => {
  for (const verb of ["list", "approve", "remove", "policy", "keys"]) {
    const flags = permissionsOf("plugin", { ...PLACES, verb });
    deepStrictEqual(
      flags.filter((flag) => !flag.startsWith("--allow-env=")),
      ["--allow-read=/data/psk", "--allow-net=127.0.0.1:8900"],
      verb,
    );
  }
});

Deno.test("permissionsOf() lets commands that pack start the sandbox", () => {
  for (const verb of ["add", "update", "pack", "new"]) {
    const flags = permissionsOf("plugin", { ...PLACES, verb });
    ok(flags.includes("--allow-run=/deno"), verb);
  }
  const policy = { ...PLACES, verb: "policy", runsPlugin: true };
  ok(permissionsOf("plugin", policy).includes("--allow-run=/deno"));
});

Deno.test("permissionsOf() lets core start this Deno and nothing else", () => {
  const flags = permissionsOf("core", PLACES);
  deepStrictEqual(
    flags.filter((flag) => /^--allow-(all|run)/.test(flag)),
    ["--allow-run=/deno"],
  );
});

Deno.test("permissionsOf() lets a shell write and start only what its person named", () => {
  const flags = permissionsOf("shell", {
    ...PLACES,
    written: ["/state", "/files"],
    programs: ["/usr/bin/less"],
  });
  deepStrictEqual(
    flags.filter((flag) => !flag.startsWith("--allow-env=")),
    [
      "--allow-read",
      "--allow-write=/state,/files",
      "--allow-net=127.0.0.1:8900",
      "--allow-run=/usr/bin/less",
    ],
  );
  ok(!permissionsOf("shell", PLACES).some((flag) => /write|run/.test(flag)));
});
