import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { connect } from "node:net";
import { createToken, loadKey } from "@skymap/lib/auth";
import {
  apiPath,
  type CoreClient,
  type MergeReport,
  unwrap,
} from "@skymap/lib/client";
import { isSkymapError, type Problem } from "@skymap/lib/errors";
import { addPlugin } from "../helpers/add_plugin.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const WRONG = new URL(
  "../../worker/plugin/testdata/wrong_manifest.ts",
  import.meta.url,
).href;

/** Runs `skymap` to its end, as a person would. */
async function skymap(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number; readonly text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--allow-env",
      "--allow-read",
      "--allow-run",
      MAIN,
      ...args,
    ],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stderr) + decoder.decode(stdout) };
}

Deno.test("a wrong command line is told, with what to do, and ends with 2", async (t) => {
  const nowhere = await Deno.makeTempDir({ prefix: "skymap-" });
  const cases: readonly (readonly [
    string,
    readonly string[],
    RegExp,
    Record<string, string>?,
  ])[] = [
    [
      "an unknown flag",
      ["core", "--prot", "1"],
      /^Error: .*"--prot"[^]*Did you mean .*`--port`/,
    ],
    [
      "an unknown role",
      ["coer"],
      /^Error: Cannot start "coer": no such role[^]*\n {2}core /,
    ],
    ["a flag without its value", ["core", "--port"], /`--port` requires/],
    [
      "a port that is none",
      ["core", "--port", "99999"],
      /^Error: `--port`: .*65,?535.*"99999"/,
    ],
    [
      "a port in the environment",
      ["core"],
      /SKYMAP_CORE_PORT: expected a whole number/,
      { SKYMAP_CORE_PORT: "many" },
    ],
    [
      "a port of start",
      ["start", "--core-port", "0"],
      /^Error: `--core-port`: .*"0"/,
    ],
    [
      "an address that others reach",
      ["core", "--host", "0.0.0.0"],
      /"0\.0\.0\.0": it is not loopback .*--listen-insecurely/,
    ],
    [
      "an address of another machine",
      ["core", "--host", "192.0.2.1", "--listen-insecurely", "--port", "0"],
      /^Error: Cannot listen on 192\.0\.2\.1:0/m,
    ],
    [
      "a database that is no address",
      ["core", "--database", "db"],
      /Cannot use database "db": .*ws:\/\//,
    ],
    [
      "a key that is too short",
      ["core", "--psk", "secret"],
      /^Error: Cannot use the key in "--psk": it has 6 characters, 16 or more/,
    ],
    [
      "a key that is too short, of the worker",
      ["worker", "--web-port", "0"],
      /^Error: Cannot use the key in "--psk": it has 6 characters/m,
      { SKYMAP_WORKER_PSK: "secret" },
    ],
    [
      "a key file that is not there",
      ["worker", "--web-port", "0", "--psk-file", `${nowhere}/key`],
      /^Error: Cannot read key file ".*\/key": No such file/m,
    ],
    [
      "TLS of the worker",
      ["worker", "--ca-cert", "ca.pem", "--no-verify-certs"],
      /^Error: Cannot use --ca-cert, --no-verify-certs: TLS is not yet supported/,
    ],
    [
      "an override without a value",
      ["worker", "--override", "aws.profiles"],
      /Cannot read override "aws\.profiles": expected a form such as/,
    ],
    [
      "a setting that is not there",
      ["worker", "--override", "worker.colector=demo"],
      /^Error: Cannot read the configuration: worker: .*colector/,
    ],
    [
      "a path that permissions cannot name",
      ["core", "--data-dir", `${nowhere}/a,b`],
      /^Error: Cannot use ".*\/a,b": .*comma/,
    ],
  ];
  for (const [name, args, expected, env] of cases) {
    await t.step(name, async () => {
      const { code, text } = await skymap(args, {
        SKYMAP_DATA_DIR: `${nowhere}/data`,
        ...env,
      });
      match(text, expected);
      ok(!/\n\s+at |Stack backtrace/.test(text), text);
      strictEqual(code, 2, text);
    });
  }
  await Deno.remove(nowhere, { recursive: true });
});

Deno.test("a data directory that cannot be used stays as it is", async (t) => {
  const place = await Deno.makeTempDir({ prefix: "skymap-" });
  await Deno.writeTextFile(`${place}/file`, "mine");
  await Deno.mkdir(`${place}/foreign`);
  await Deno.writeTextFile(`${place}/foreign/mine.txt`, "mine");
  await Deno.mkdir(`${place}/newer`);
  await Deno.writeTextFile(
    `${place}/newer/skymap.json`,
    JSON.stringify({ format: 99 }),
  );
  const cases = [
    ["below a file", `${place}/file/data`, /Not a directory/],
    ["a file", `${place}/file`, /exists|Not a directory/],
    ["a system directory", "/proc/skymap", /\/proc/],
    [
      "another program's",
      `${place}/foreign`,
      /it holds "mine.txt" and no "skymap.json", wanted an empty directory/,
    ],
    [
      "of a later version",
      `${place}/newer`,
      /it has format 99, this version reads \d+/,
    ],
  ] as const;
  for (const [name, dataDir, expected] of cases) {
    await t.step(name, async () => {
      const { code, text } = await skymap([
        "core",
        "--port",
        "0",
        "--data-dir",
        dataDir,
      ]);
      match(text, /^Error: Cannot use data directory "/);
      match(text, expected);
      strictEqual(code, 1);
    });
  }
  await t.step("nothing was written into them", async () => {
    const names = async (path: string) =>
      (await Array.fromAsync(Deno.readDir(path))).map(({ name }) => name);
    deepStrictEqual(await names(`${place}/foreign`), ["mine.txt"]);
    deepStrictEqual(await names(`${place}/newer`), ["skymap.json"]);
    strictEqual(await Deno.readTextFile(`${place}/file`), "mine");
  });
  await Deno.remove(place, { recursive: true });
});

const line = (value: unknown) => `${JSON.stringify(value)}\n`;

const KIND = "demo_instance";

function opened(scope: number, region: string, kind = KIND): string {
  return line({
    type: "scope",
    scope,
    state: "open",
    cloud: "demo",
    account: "made-up",
    region,
    kind,
  });
}

function node(scope: number, id: string, reported: object = {}): string {
  return line({ type: "node", scope, id, reported: { id, ...reported } });
}

const complete = (scope: number) =>
  line({ type: "scope", scope, state: "complete" });

/** A whole scope with two nodes. */
const whole = (scope: number, region: string) =>
  opened(scope, region) + node(scope, `${region}-1`) +
  node(scope, `${region}-2`) + complete(scope);

const END = line({ type: "end" });

/** Names of the made-up nodes that a search finds. */
async function found(client: CoreClient): Promise<string[]> {
  const ids: string[] = [];
  for await (
    const record of client.search(
      "main",
      "list",
      `is(${KIND}) and /ancestors.account.reported.id == "made-up"`,
    )
  ) {
    const { reported } = record as { reported?: { id: string } };
    if (reported !== undefined) ids.push(reported.id);
  }
  return ids.sort();
}

async function refused(
  client: CoreClient,
  body: BodyInit,
): Promise<Problem & { readonly details: { readonly report: MergeReport } }> {
  const answer = await client.fetch(apiPath`/graph/main/merge`, {
    method: "POST",
    body,
  });
  ok(!answer.ok);
  return await answer.json();
}

Deno.test("what is wrong in a collect or a merge is refused alone", async (t) => {
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: [
      "--override",
      "worker.collector=[nothing, demo]",
      "--override",
      "demo.size=0.05",
    ],
  });
  const client = await system.client();

  await t.step(
    "plugins that cannot be used are named, others are collected",
    async () => {
      const run = await until("the first run ends", async () => {
        const [first] = unwrap(await client.runs());
        return first?.ended_at === undefined ? undefined : first;
      });
      const log = unwrap(await client.runLog(run.id));
      const errors = log.filter(({ level }) => level === "error")
        .map(({ message }) => message);
      match(errors.join("\n"), /"nothing": it is not in the registry/);
      const ledger = unwrap(await client.ledger("main"));
      ok(ledger.length > 50);
      ok(ledger.every(({ status }) => status === "complete"));
      ok(!system.process("worker").ended);
    },
  );

  await t.step("plugins that cannot be used are not added", async () => {
    await rejects(addPlugin(client, "http://127.0.0.1:9/x.ts"), {
      code: "plugin_invalid",
      message: /127\.0\.0\.1:9\/x\.ts.*(refused|connect)/i,
    });
    await rejects(addPlugin(client, WRONG), (error) => {
      ok(isSkymapError(error, "plugin_invalid"));
      for (
        const fault of [
          /name is "Wrong Name", expected snake_case/,
          /version is "1", expected as in 1\.2\.3/,
          /description is missing/,
          /kind "other_kind" does not start with "wrong_"/,
          /containers\.region is "wrong_region", expected one of kinds/,
          /permissions\.collect: /,
        ]
      ) match(error.message, fault);
      return true;
    });
  });

  await t.step(
    "a malformed line names line and column; what was closed is in",
    async () => {
      const problem = await refused(
        client,
        whole(1, "r1") + opened(2, "r2") + node(2, "r2-1") +
          '{"type": "node", "scope": 2 "id"\n' + complete(2) + END,
      );
      strictEqual(problem.code, "merge_malformed");
      match(problem.detail, /line 7 .*column 29/);
      strictEqual(problem.details.report.scopes_complete, 1);
      deepStrictEqual(await found(client), ["r1-1", "r1-2"]);
    },
  );

  await t.step(
    "a connection that is cut leaves an open scope untouched",
    async () => {
      unwrap(await client.merge("main", streamOf(whole(1, "r2") + END), {}));
      const key = await loadKey(system.dataDir, { create: false });
      const token = await createToken(key, { subject: "t", role: "operator" });
      const body = whole(1, "r3") + opened(2, "r2") + node(2, "r2-9");
      const socket = connect(system.ports.core, "127.0.0.1");
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.write(
          `POST /graph/main/merge HTTP/1.1\r\nhost: 127.0.0.1\r\n` +
            `authorization: Bearer ${token}\r\ntransfer-encoding: chunked\r\n\r\n` +
            `${body.length.toString(16)}\r\n${body}\r\n`,
          () => resolve(),
        );
      });
      const expected = ["r1-1", "r1-2", "r2-1", "r2-2", "r3-1", "r3-2"];
      await until(
        "the closed scope is in",
        async () => (await found(client)).length === expected.length,
        10_000,
      );
      socket.destroy();
      deepStrictEqual(await found(client), expected);
      // The scope that was open is free for the next merge.
      const report = unwrap(
        await client.merge("main", streamOf(whole(1, "r2") + END), {}),
      );
      deepStrictEqual(
        [report.scopes_complete, report.nodes_unchanged],
        [1, 2],
      );
      deepStrictEqual(await found(client), expected);
    },
  );

  await t.step("a stream without its end says so", async () => {
    const problem = await refused(client, opened(1, "r1") + node(1, "r1-9"));
    strictEqual(problem.code, "merge_truncated");
    match(problem.detail, /ended after line 2/);
  });

  await t.step(
    "elements that do not fit are refused with their reason",
    async () => {
      const report = unwrap(
        await client.merge(
          "main",
          streamOf(
            opened(1, "r1") + node(1, "r1-1") +
              node(1, "r1-3", { instance_cores: "many" }) +
              node(1, "r1-4", { colour: "red" }) + complete(1) +
              opened(2, "r4", "demo_instanse") + node(2, "x") + complete(2) +
              whole(3, "r5") + END,
          ),
          {},
        ),
      );
      deepStrictEqual(
        report.rejections.map(({ line, code }) => [line, code]),
        [[3, "node_invalid"], [4, "node_invalid"], [7, "kind_unknown"]],
      );
      const reasons = report.rejections.map(({ message }) => message).join(
        "\n",
      );
      match(
        reasons,
        /instance_cores.* is "many", expected (int32|int64|float|double)/,
      );
      match(reasons, /colour.* is no property of kind "demo_instance"/);
      match(reasons, /"demo_instanse": .*did you mean "demo_instance"\?/);
      deepStrictEqual(
        [report.scopes_complete, report.scopes_failed],
        [1, 2],
      );
      // The failed scope lost nothing; the others are as they were told.
      const ids = await found(client);
      ok(ids.includes("r1-2"), ids.join());
      ok(ids.includes("r5-1") && ids.includes("r5-2"), ids.join());
      ok(!ids.includes("r1-3") && !ids.includes("r1-4"), ids.join());
      const failed = unwrap(await client.ledger("main"))
        .filter(({ status }) => status === "failed")
        .map(({ region, kind, error }) => [region, kind, error?.code]);
      deepStrictEqual(failed.length, 2, JSON.stringify(failed));
    },
  );

  await t.step(
    "a line that is too long is refused before it fills the memory",
    async () => {
      const before = await system.process("core").residentBytes();
      const part = new TextEncoder().encode("x".repeat(1024 * 1024));
      let sent = 0;
      const problem = await refused(
        client,
        new ReadableStream<Uint8Array<ArrayBuffer>>({
          start(controller) {
            controller.enqueue(
              new TextEncoder().encode(whole(1, "r6") + '{"x":"'),
            );
          },
          pull(controller) {
            if (sent++ < 100) controller.enqueue(part);
            else controller.close();
          },
        }),
      );
      strictEqual(problem.code, "merge_malformed");
      match(problem.detail, /line 5: it is longer than \d+ characters/);
      const grown = await system.process("core").residentBytes() - before;
      ok(grown < 400_000_000, `${grown} bytes`);
      ok((await found(client)).includes("r6-1"));
    },
  );

  await t.step("bytes that are no text are refused", async () => {
    const problem = await refused(client, new Uint8Array([0x7b, 0xff, 0x0a]));
    strictEqual(problem.code, "merge_malformed");
    match(problem.detail, /line 1 .*not UTF-8/);
  });

  await t.step("record and index agree after all of it", async () => {
    strictEqual(await system.process("core").stop(), 0);
    await using process = new RoleProcess("core", [
      "--data-dir",
      system.dataDir,
      "--verify",
    ]);
    strictEqual(await process.exit(), 0, process.text);
    match(process.text, /no differences/);
  });
});

function streamOf(text: string): ReadableStream<Uint8Array> {
  return ReadableStream.from([new TextEncoder().encode(text)]);
}
