import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { sha256Of } from "@skymap/lib/plugin_host";
import { PluginHost } from "../../worker/plugin/host.ts";
import { findInstallation } from "../../worker/plugin/source.ts";
import {
  attackTest,
  attempt,
  collect,
  evilModule,
  NEVER,
  Target,
} from "./_attack.ts";

/** Code from elsewhere, and what it is refused for. */
const MODULES: readonly (readonly [name: string, specifier: string])[] = [
  ["a file", "file:///etc/hostname"],
  ["a module of the worker", import.meta.resolve("../../worker/settings.ts")],
  ["a file beside it", "./other.ts"],
  ["an npm package", "npm:left-pad@1.3.0"],
  ["an npm package that Skymap has", "npm:zod@4.6.7"],
  ["an npm package by its bare name", "zod"],
  ["a JSR package", "jsr:@std/assert"],
  [
    "the host's part of the contract",
    "@skymap/lib/plugin_host/../../worker/mod.ts",
  ],
  ["a database's driver", "surrealdb"],
  ["an inner module of Deno", "ext:core/mod.js"],
  ["an inner module of Node", "node:internal/bootstrap/realm"],
  ["a module of no scheme that is known", "skymap:secret"],
];

for (const [name, specifier] of MODULES) {
  attackTest(`imports ${name}, by a name that is written`, async () => {
    const { failure, outcome } = await collect("", {
      head: `import ${JSON.stringify(specifier)};`,
    });
    ok(
      ["plugin_invalid", "plugin_unreachable", "plugin_crashed"]
        .includes(failure?.code ?? ""),
      failure?.message,
    );
    match(
      failure?.message ?? "",
      /import|module|specifier|scheme|NotCapable|Cannot/i,
    );
    strictEqual(outcome.nodes, 0);
  });

  attackTest(`imports ${name}, by a name that it computes`, async () => {
    const { got, error } = await attempt(
      `const name = [...config.name].join("");
      return Object.keys(await import(name))`,
      { config: { name: specifier } },
    );
    strictEqual(got, undefined, got);
    ok(["TypeError", "NotCapable", "Error"].includes(error), error);
  });
}

attackTest("imports code from a server that it was granted", async () => {
  await using target = new Target(() =>
    new Response("export default 1", {
      headers: { "content-type": "text/javascript" },
    })
  );
  const aftermath = await attempt(
    `return (await import("http://" + config.host + "/x.js")).default`,
    { approved: { net: [target.host] }, config: { host: target.host } },
  );
  strictEqual(aftermath.got, undefined);
  strictEqual(target.requests.length, 0);
});

attackTest("imports a file as JSON and as text", async () => {
  for (const type of ["json", "text", "bytes"]) {
    const { got } = await attempt(
      `return (await import("file:///etc/hostname", { with: { type: "${type}" } })).default`,
    );
    strictEqual(got, undefined, type);
  }
});

attackTest("gives the code that it fetches no more than it has", async () => {
  for (
    const code of [
      `const text = "export default Deno.readTextFileSync('/etc/passwd')";
      return (await import("data:text/javascript," + encodeURIComponent(text))).default`,
      `return new Function("return Deno.readTextFileSync('/etc/passwd')")()`,
      `return (0, eval)("Deno.readTextFileSync('/etc/passwd')")`,
      `const { runInThisContext } = await import("node:vm");
      return runInThisContext("Deno.readTextFileSync('/etc/passwd')")`,
      `const { runInNewContext } = await import("node:vm");
      return runInNewContext(
        "this.constructor.constructor('return Deno')()").readTextFileSync("/etc/passwd")`,
      `const { registerHooks } = await import("node:module");
      registerHooks({ load: (url, context, next) => next("file:///etc/passwd", context) });
      return (await import("node:os")).EOL && (await import("file:///etc/passwd"))`,
    ]
  ) {
    const { got, error, message } = await attempt(code);
    strictEqual(got, undefined, code);
    match(`${error} ${message}`, /NotCapable|TypeError|ReferenceError/, code);
  }
});

attackTest("is not what was approved", async () => {
  const text = evilModule({});
  const wanted = await sha256Of(text);
  const host = new PluginHost({
    source: { spec: "evil@1.0.0", sha256: wanted, text: `${text}\n` },
    installation: await findInstallation(),
    approved: {},
    deno: Deno.execPath(),
    env: () => undefined,
    limits: {
      timeoutMs: 10_000,
      maxHeapMb: 64,
      maxMemoryMb: 300,
      maxLineChars: 100_000,
    },
  });
  const error = await host.describe(NEVER).then(
    () => undefined,
    (error) => error,
  );
  strictEqual(error?.code, "plugin_invalid");
  deepStrictEqual(error.details, {
    sha256: await sha256Of(`${text}\n`),
    wanted,
  });
});
