import { match, ok, strictEqual } from "node:assert/strict";
import { delay } from "@skymap/lib/lifecycle";
import { findInstallation } from "../../worker/plugin/source.ts";
import { kitHost } from "../../worker/plugin_kit/kit_host.ts";
import { packPlugin } from "../../worker/plugin_kit/pack_plugin.ts";
import { freePort, until } from "../helpers/system.ts";

const root = new URL("../..", import.meta.url).pathname;

async function run(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<{ code: number; text: string }> {
  const { code, stdout, stderr } = await new Deno.Command(command, {
    args: [...args],
    ...options,
    clearEnv: options.env !== undefined,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Nodes that a packed plugin finds in the sandbox of a moved bundle. */
async function collectPacked(bundle: string): Promise<number> {
  const signal = AbortSignal.timeout(60_000);
  const { module, published: { manifest, sha256 } } = await packPlugin({
    spec: `${root}plugins/example/mod.ts`,
    signal,
  });
  const host = kitHost({
    source: { spec: manifest.name, sha256, text: module },
    installation: await findInstallation(`file://${bundle}/app/role.js`),
    deno: `${bundle}/deno`,
  });
  const { accounts: [account] } = await host.accounts({}, signal);
  ok(account);
  const lines = host.collect(manifest, {}, account, signal);
  for (;;) {
    const { done, value } = await lines.next();
    if (done !== true) continue;
    strictEqual(value.failure, undefined);
    return value.nodes;
  }
}

Deno.test("the bundle runs in another folder with an empty home", async () => {
  const made = await run(Deno.execPath(), ["task", "bundle"], { cwd: root });
  strictEqual(made.code, 0, made.text);
  const folder = await Deno.makeTempDir({ prefix: "skymap-moved-" });
  const env = { HOME: `${folder}/home`, PATH: "/usr/bin:/bin", NO_COLOR: "1" };
  const [core, worker, metrics] = [freePort(), freePort(), freePort()];
  await Deno.mkdir(env.HOME);
  await run("cp", ["-r", `${root}dist/skymap`, `${folder}/moved`]);
  const program = `${folder}/moved/bin/skymap`;
  const started = new Deno.Command(program, {
    args: [
      "start",
      "--core-port",
      String(core),
      "--worker-port",
      String(worker),
      "--metrics-port",
      String(metrics),
      "--override",
      "demo.size=0.2",
    ],
    env,
    clearEnv: true,
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  let text = "";
  const reading = Promise.all([started.stdout, started.stderr].map(
    async (stream) => {
      for await (const part of stream.pipeThrough(new TextDecoderStream())) {
        text += part;
      }
    },
  ));
  try {
    const answer = await until("the moved bundle answers", async () => {
      const { code, text } = await run(program, [
        "shell",
        "--core-uri",
        `http://127.0.0.1:${core}`,
        "search is(instance) limit 5",
      ], { env });
      return code === 0 && text.includes("kind=demo_instance")
        ? text
        : (await delay(250), undefined);
    }).catch((error) => {
      throw new Error(`${error.message}\n${text}`);
    });
    strictEqual(answer.match(/^kind=/gm)?.length, 5, answer);
    match(text, /Skymap is up/);
    strictEqual(await collectPacked(`${folder}/moved`), 15);
    for (
      const name of [
        "prometheus.yml",
        "rules/skymap.alerts.yml",
        "grafana/skymap-inventory.json",
      ]
    ) {
      strictEqual(
        await Deno.readTextFile(`${folder}/moved/deploy/${name}`),
        await Deno.readTextFile(`${root}deploy/${name}`),
      );
    }
  } finally {
    started.kill("SIGTERM");
    const { code } = await started.status;
    await reading;
    strictEqual(code, 0, text);
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("compile makes a binary, or says what is missing", async () => {
  const { code, text } = await run(Deno.execPath(), ["task", "compile"], {
    cwd: root,
  });
  if (code === 0) match(text, /made dist\/skymap-binary/);
  else {
    strictEqual(code, 1);
    match(text, /Deno's base binary \(denort .*\) is not in the cache/);
    ok(text.includes("deno task bundle"));
  }
});
