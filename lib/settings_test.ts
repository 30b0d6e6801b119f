import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { applyOverrides, parseOverride, readSettings } from "./settings.ts";

const DECLARED = {
  coreUri: { type: "text", help: "Where core is.", default: "http://a:1" },
  webPort: { type: "integer", help: "A port.", default: 9956, max: 65535 },
  verbose: { type: "boolean", help: "More.", short: "v", default: false },
  psk: { type: "text", help: "Key." },
  collector: { type: "list", help: "Plugins." },
} as const;

function read(args: string[], env: Record<string, string> = {}) {
  return readSettings(DECLARED, {
    role: "worker",
    brief: "Test.",
    args,
    env: (name) => env[name],
    words: "WORD",
    takesOverrides: true,
  });
}

Deno.test("readSettings() takes flags over environment over defaults", () => {
  const env = {
    SKYMAP_WORKER_WEB_PORT: "7",
    SKYMAP_WORKER_CORE_URI: "http://b",
  };
  const { settings, words } = read(
    ["--web-port", "8", "-v", "hello", "--collector", "a", "--collector", "b"],
    env,
  );
  deepStrictEqual(settings, {
    coreUri: "http://b",
    webPort: 8,
    verbose: true,
    psk: undefined,
    collector: ["a", "b"],
  });
  deepStrictEqual(words, ["hello"]);
});

Deno.test("readSettings() refuses an unknown flag with exit code 2", () => {
  throws(() => read(["--web-prt", "8"]), { name: "ExitRequest", exitCode: 2 });
});

Deno.test("readSettings() names the environment variable that is wrong", () => {
  throws(() => read([], { SKYMAP_WORKER_WEB_PORT: "x" }), {
    code: "usage",
    message: /SKYMAP_WORKER_WEB_PORT: expected a whole number/,
  });
});

Deno.test("readSettings() collects overrides from environment, then flags", () => {
  const { overrides } = read(["-o", "aws.profiles=[a, b]"], {
    SKYMAP_WORKER_OVERRIDE: "demo.size=2 a.b=x",
    SKYMAP_WORKER_OVERRIDE0: "c=has blanks",
  });
  deepStrictEqual(overrides.map(({ path, value }) => [path.join("."), value]), [
    ["demo.size", 2],
    ["a.b", "x"],
    ["c", "has blanks"],
    ["aws.profiles", ["a", "b"]],
  ]);
});

Deno.test("parseOverride() says which form it wants", () => {
  throws(() => parseOverride("abc"), { code: "usage", message: /"abc"/ });
  throws(() => parseOverride("a..b=1"), { code: "usage" });
});

Deno.test("applyOverrides() replaces below a path and leaves its input alone", () => {
  const before = { aws: { region: ["x"], role: "r" } };
  deepStrictEqual(
    applyOverrides(before, [parseOverride("aws.region=[y]")]),
    { aws: { role: "r", region: ["y"] } },
  );
  deepStrictEqual(before, { aws: { region: ["x"], role: "r" } });
  const odd = applyOverrides({}, [parseOverride("__proto__.polluted=true")]);
  strictEqual(({} as Record<string, unknown>)["polluted"], undefined);
  strictEqual(Object.hasOwn(odd, "__proto__"), true);
});
