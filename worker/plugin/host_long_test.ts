import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { isSkymapError, type SkymapError } from "@skymap/lib/errors";
import type { JsonObject } from "@skymap/lib/json";
import type { PhasePermissions } from "@skymap/lib/plugin";
import { manifestOf, type MergeMessage } from "@skymap/lib/plugin_host";
import { type CollectOutcome, PluginHost } from "./host.ts";
import type { ProcessLimits } from "./process.ts";
import { findInstallation, resolvePlugin } from "./source.ts";
import faulty from "./testdata/faulty.ts";

const LIMITS: ProcessLimits = {
  timeoutMs: 20_000,
  maxHeapMb: 48,
  maxMemoryMb: 220,
  maxLineChars: 1_000_000,
};

interface HostSetUp {
  readonly spec: string;
  readonly limits?: Partial<ProcessLimits>;
  readonly approved?: PhasePermissions;
  readonly env?: Readonly<Record<string, string>>;
}

function fixture(name: string): string {
  return new URL(`testdata/${name}.ts`, import.meta.url).href;
}

async function hostOf(
  { spec, limits = {}, approved = {}, env = {} }: HostSetUp,
): Promise<PluginHost> {
  const installation = await findInstallation();
  return new PluginHost({
    source: spec.startsWith("file:")
      ? { spec, url: spec }
      : await resolvePlugin(spec, installation),
    installation,
    approved,
    deno: Deno.execPath(),
    env: (name) => env[name] ?? Deno.env.get(name),
    limits: { ...LIMITS, ...limits },
  });
}

const NEVER = new AbortController().signal;

interface Collected {
  readonly messages: readonly MergeMessage[];
  readonly outcome: CollectOutcome;
}

/** Describes, lists the accounts and collects the first one. */
async function collectWith(
  host: PluginHost,
  config: JsonObject,
): Promise<Collected> {
  const manifest = await host.describe(NEVER);
  const { accounts: [account] } = await host.accounts(config, NEVER);
  ok(account);
  return await read(host.collect(manifest, config, account, NEVER));
}

/** Collects with the fixture `faulty` alone, which is quicker. */
async function collectFaulty(
  config: JsonObject,
  limits: Partial<ProcessLimits> = {},
): Promise<Collected> {
  const host = await hostOf({ spec: fixture("faulty"), limits });
  return await read(
    host.collect(manifestOf(faulty), config, { id: "1" }, NEVER),
  );
}

async function read(
  lines: AsyncGenerator<string, CollectOutcome>,
): Promise<Collected> {
  const messages: MergeMessage[] = [];
  for (;;) {
    const { done, value } = await lines.next();
    if (done === true) return { messages, outcome: value };
    for (const line of value.trimEnd().split("\n")) {
      messages.push(JSON.parse(line));
    }
  }
}

/** How each kind's scope ended: `complete`, or the code of its failure. */
function scopesOf(messages: readonly MergeMessage[]): Record<string, string> {
  const kinds = new Map<number, string>();
  const ends: Record<string, string> = {};
  for (const message of messages) {
    if (message.type !== "scope") continue;
    if (message.state === "open") kinds.set(message.scope, message.kind);
    else {
      ends[kinds.get(message.scope) ?? "?"] = message.state === "failed"
        ? message.error.code
        : message.state;
    }
  }
  return ends;
}

Deno.test("PluginHost runs a bundled plugin offline", async () => {
  const host = await hostOf({ spec: "example" });
  const { messages, outcome } = await collectWith(host, {});
  deepStrictEqual({ ...outcome, usage: undefined }, {
    nodes: 15,
    failedScopes: 0,
    forgedScopes: 0,
    usage: undefined,
  });
  deepStrictEqual(
    new Set(Object.values(scopesOf(messages))),
    new Set(["complete"]),
  );
});

/** Each fault that ends the process, and the reason that is told. */
const CRASHES: readonly (readonly [
  fault: string,
  code: string,
  reason: RegExp,
  limits?: Partial<ProcessLimits>,
])[] = [
  ["loop", "plugin_timeout", /took longer than 1\.5 s/, { timeoutMs: 1_500 }],
  ["stall", "plugin_timeout", /took longer than 1\.5 s/, { timeoutMs: 1_500 }],
  ["heap", "plugin_crashed", /used more than 48 MB of JavaScript heap/],
  ["buffers", "plugin_crashed", /used more than 220 MB of memory/],
  ["exit", "plugin_crashed", /ended with exit code 0 before its work was done/],
  ["exit_7", "plugin_crashed", /ended with exit code 7/],
  ["abort", "plugin_crashed", /ended with SIGABRT|exit code 134/],
  ["throw_late", "plugin_crashed", /exit code 1: .*thrown late/],
  ["reject_late", "plugin_crashed", /exit code 1: .*rejected late/],
  [
    "garbage",
    "plugin_invalid",
    /wrote what is no message: "this is no message"/,
  ],
  ["binary", "plugin_invalid", /wrote what is no message/],
  ["number", "plugin_invalid", /wrote what is no message: "42"/],
  ["endless_line", "plugin_invalid", /a line of more than 1000000 characters/],
  ["unknown_message", "plugin_invalid", /message of unknown type "accounts"/],
  ["foreign_scope", "plugin_invalid", /scope 99, which is not open/],
];

for (const [fault, code, reason, limits = {}] of CRASHES) {
  Deno.test(`PluginHost fails what a plugin left open: ${fault}`, async () => {
    const { messages, outcome } = await collectFaulty({ fault }, limits);
    strictEqual(outcome.failure?.code, code, outcome.failure?.message);
    match(outcome.failure?.message ?? "", reason);
    // What was complete before the fault stays so; the open scope failed.
    deepStrictEqual(scopesOf(messages), {
      faulty_account: "complete",
      faulty_thing: code,
    });
    const last = messages.at(-1);
    ok(last?.type === "account_failed");
    strictEqual(last.account, "1");
    match(last.error.message, reason);
  });
}

/** Each reach outside of the sandbox: only its own scope fails. */
const REACHES: readonly (readonly [fault: string, target?: string])[] = [
  ["read_file"],
  ["write_file", "/tmp/skymap-must-not-be-written"],
  ["read_env"],
  ["all_env"],
  ["fetch", "http://127.0.0.1:7999/"],
  ["import", "file:///etc/hostname"],
  ["import", "http://127.0.0.1:7999/x.ts"],
  ["import", "npm:left-pad@1.3.0"],
  ["run"],
  ["kill"],
  ["dlopen"],
];

for (const [fault, target = ""] of REACHES) {
  Deno.test(`PluginHost lets no plugin reach out: ${fault} ${target}`, async () => {
    const { messages, outcome } = await collectFaulty({ fault, target });
    strictEqual(outcome.failure, undefined);
    strictEqual(outcome.failedScopes, 1);
    const { faulty_thing: code, ...others } = scopesOf(messages);
    deepStrictEqual(others, {
      faulty_account: "complete",
      faulty_last: "complete",
    });
    // What is in no cache cannot be imported, whatever the permissions.
    const reasons = fault === "import"
      ? ["NotCapable", "ERR_MODULE_NOT_FOUND"]
      : ["NotCapable"];
    ok(reasons.includes(code ?? ""), `${fault}: ${code}`);
  });
}

Deno.test("PluginHost keeps the reason that a plugin threw", async () => {
  const { messages } = await collectFaulty({ fault: "throw" });
  deepStrictEqual(
    messages.find((each) => each.type === "scope" && each.state === "failed"),
    {
      type: "scope",
      scope: 2,
      state: "failed",
      error: {
        code: "AccessDenied",
        message: "no such right",
        permission: "faulty:List",
      },
    },
  );
});

Deno.test("PluginHost refuses a scope of another account and goes on", async () => {
  const { messages, outcome } = await collectFaulty({ fault: "forge" });
  strictEqual(outcome.forgedScopes, 1);
  ok(!messages.some((each) => "scope" in each && each.scope === 7));
  const issue = messages.find((each) => each.type === "issue");
  match(issue?.message ?? "", /cloud "aws", account "1"/);
});

Deno.test("PluginHost lets a plugin print without harm", async () => {
  const { outcome } = await collectFaulty({ fault: "print" });
  deepStrictEqual({ ...outcome, usage: undefined }, {
    nodes: 2,
    failedScopes: 0,
    forgedScopes: 0,
    usage: undefined,
  });
});

Deno.test("PluginHost.describe() lists every fault of a manifest", async () => {
  const host = await hostOf({ spec: fixture("wrong_manifest") });
  const error = await host.describe(NEVER).then(
    () => undefined,
    (thrown: SkymapError) => thrown,
  );
  ok(isSkymapError(error, "plugin_invalid"));
  for (
    const fault of [
      /it does nothing: it has none of collect/,
      /name is "Wrong Name"/,
      /version is "1"/,
      /description is missing/,
      /containers.region is "wrong_region"/,
      /kind "other_kind" does not start with "wrong_"/,
      /net "\*" is no host/,
      /"ffi" is never granted/,
    ]
  ) match(error.message, fault);
});

Deno.test("PluginHost.describe() tells why a module cannot be loaded", async () => {
  const broken = await hostOf({ spec: fixture("throws_at_import") });
  await rejects(broken.describe(NEVER), {
    code: "plugin_invalid",
    message: /not today/,
  });
});

Deno.test("PluginHost hands over only what was granted", async () => {
  const spec = fixture("asks_for_env");
  const env = { CURIOUS_TOKEN: "given", CURIOUS_OTHER: "not by name" };
  const approved = { collect: { env: ["CURIOUS_*", "CURIOUS_TOKEN"] } };
  const host = await hostOf({ spec, approved, env });
  const { messages } = await collectWith(host, {});
  const node = messages.find((each) => each.type === "node");
  deepStrictEqual(node?.reported, {
    token: "given",
    other: "",
    // Of the one account alone, and neither in words nor variables.
    credentials: { secret: "first" },
    arguments: [String(LIMITS.maxMemoryMb * 1_000_000)],
  });
});

Deno.test("PluginHost refuses what nobody approved", async () => {
  const host = await hostOf({
    spec: fixture("asks_for_env"),
    env: { CURIOUS_TOKEN: "not given" },
  });
  const { outcome, messages } = await collectWith(host, {});
  strictEqual(outcome.failedScopes, 1);
  deepStrictEqual(scopesOf(messages), { curious_account: "NotCapable" });
});

Deno.test("PluginHost.collect() ends with the abort of its signal", async () => {
  const host = await hostOf({ spec: fixture("faulty") });
  const controller = new AbortController();
  const lines = host.collect(
    manifestOf(faulty),
    { fault: "loop" },
    { id: "1" },
    controller.signal,
  );
  await lines.next();
  controller.abort(new DOMException("enough", "AbortError"));
  await rejects(
    async () => {
      for await (const _ of lines);
    },
    { name: "AbortError", message: "enough" },
  );
});

Deno.test("PluginHost leaves no plugin behind when its worker is killed", async () => {
  const worker = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--allow-all",
      "--quiet",
      new URL("testdata/collect_faulty.ts", import.meta.url).pathname,
      "loop",
    ],
    stdout: "piped",
  }).spawn();
  let text = "";
  for await (const part of worker.stdout.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.includes('"pid"')) break;
  }
  const pid = Number(/"pid":(\d+)/.exec(text)?.[1]);
  worker.kill("SIGKILL");
  await worker.status;
  const deadline = Date.now() + 5_000;
  while (await Deno.stat(`/proc/${pid}`).then(() => true, () => false)) {
    ok(Date.now() < deadline, `process ${pid} still runs`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
