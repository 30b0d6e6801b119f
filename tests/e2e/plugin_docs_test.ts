import { deepStrictEqual, match, strictEqual } from "node:assert/strict";
import { System } from "../helpers/system.ts";

const root = new URL("../..", import.meta.url).pathname;

/** The code blocks of a document, in order. */
function blocksOf(text: string): { language: string; code: string }[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)^```$/gms)]
    .map(([, language = "", code = ""]) => ({ language, code }));
}

/**
 * One script of all that a reader would type: the commands, and the files that
 * begin with their name.
 */
function scriptOf(text: string): string {
  const parts = blocksOf(text).flatMap(({ language, code }) => {
    if (language === "sh") return [code];
    const name = language === "ts"
      ? /^\/\/ (\w+\.ts)$/m.exec(code)?.[1]
      : undefined;
    return name === undefined
      ? []
      : [`cat > ${name} <<'END_OF_FILE'\n${code}END_OF_FILE\n`];
  });
  return `set -e\n${parts.join("")}`;
}

/** Runs a script as a reader would, with `skymap` and `deno` on the path. */
async function runScript(
  script: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", script],
    cwd: `${folder}/work`,
    env: { ...env, PATH: `${folder}/bin:/usr/bin:/bin`, NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout);
  strictEqual(code, 0, output + new TextDecoder().decode(stderr));
  return output;
}

/** An empty folder to work in, and a reader's commands beside it. */
async function makeFolder(): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "skymap-docs-" });
  await Deno.mkdir(`${folder}/bin`);
  await Deno.mkdir(`${folder}/work`);
  await Deno.writeTextFile(
    `${folder}/bin/skymap`,
    `#!/bin/sh\nexec "${Deno.execPath()}" run --quiet --no-prompt --allow-env --allow-read --allow-run "${root}main.ts" "$@"\n`,
    { mode: 0o755 },
  );
  await Deno.symlink(Deno.execPath(), `${folder}/bin/deno`);
  return folder;
}

Deno.test("docs/plugins.md leads from an empty folder to a plugin that collects", async () => {
  const text = await Deno.readTextFile(`${root}docs/plugins.md`);
  const [author = "", operator = ""] = text.split("## Adding it\n");
  const folder = await makeFolder();
  const made = await runScript(scriptOf(author), folder);
  for (
    const said of [
      /^weather 0\.1\.0: 1 account, 6 scopes, 11 nodes, 8 edges$/m,
      /1 passed \| 0 failed/,
      /^weather 0\.1\.0 is good$/m,
      /^sha256 [0-9a-f]{64}, \d+ bytes, signed by [0-9a-f]{16}$/m,
      /^tiny 1\.0\.0: One account and nothing in it$/m,
      /^asks for nothing$/m,
      /^note: no scope of kind "tiny_region" was opened$/m,
      /^tiny 1\.0\.0 is good$/m,
    ]
  ) match(made, said);
  const published = `${folder}/work/weather/public`;
  const files: string[] = [];
  for await (const { name } of Deno.readDir(published)) files.push(name);
  deepStrictEqual(files.sort(), [
    "index.json",
    "weather-0.1.0.js",
    "weather-0.1.0.json",
    "weather-0.1.0.lock.json",
  ]);

  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    async (request) => {
      const path = published + new URL(request.url).pathname;
      const bytes = await Deno.readFile(path).catch(() => undefined);
      return new Response(bytes, { status: bytes === undefined ? 404 : 200 });
    },
  );
  await using system = await System.start({ core: ["--no-scheduling"] });
  await system.untilSubscribed("skymap.worker");
  const script = scriptOf(operator).replaceAll(
    "http://127.0.0.1:8000",
    `http://127.0.0.1:${server.addr.port}`,
  );
  const added = await runScript(script, folder, {
    SKYMAP_PLUGIN_CORE_URI: system.coreUri,
    SKYMAP_PLUGIN_DATA_DIR: system.dataDir,
    SKYMAP_SHELL_CORE_URI: system.coreUri,
    SKYMAP_SHELL_DATA_DIR: system.dataDir,
  });
  match(added, /^weather 0\.1\.0 is approved and runs from now on$/m);
  const run = /^run=([^,]+), workflow=collect/m.exec(added)?.[1] ?? "";
  await system.untilRunEnds(run);
  const search = /`skymap shell '(search [^']+)'`/.exec(operator)?.[1] ?? "";
  const found = await runScript(`skymap shell '${search}'`, folder, {
    SKYMAP_SHELL_CORE_URI: system.coreUri,
    SKYMAP_SHELL_DATA_DIR: system.dataDir,
  });
  strictEqual(found.match(/^kind=weather_server/gm)?.length, 4, found);
  await Deno.remove(folder, { recursive: true });
});
