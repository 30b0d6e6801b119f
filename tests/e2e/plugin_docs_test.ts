import { deepStrictEqual, match, strictEqual } from "node:assert/strict";

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

Deno.test("docs/plugins.md leads from an empty folder to a published plugin", async () => {
  const folder = await Deno.makeTempDir({ prefix: "skymap-docs-" });
  const bin = `${folder}/bin`;
  const work = `${folder}/work`;
  await Deno.mkdir(bin);
  await Deno.mkdir(work);
  await Deno.writeTextFile(
    `${bin}/skymap`,
    `#!/bin/sh\nexec "${Deno.execPath()}" run --quiet --no-prompt --allow-env --allow-read --allow-run "${root}main.ts" "$@"\n`,
    { mode: 0o755 },
  );
  await Deno.symlink(Deno.execPath(), `${bin}/deno`);
  const text = await Deno.readTextFile(`${root}docs/plugins.md`);
  const { code, stdout, stderr } = await new Deno.Command("/bin/sh", {
    args: ["-c", scriptOf(text)],
    cwd: work,
    env: { PATH: `${bin}:/usr/bin:/bin`, NO_COLOR: "1" },
  }).output();
  const output = new TextDecoder().decode(stdout);
  strictEqual(code, 0, output + new TextDecoder().decode(stderr));
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
  ) match(output, said);
  const published = [];
  for await (const { name } of Deno.readDir(`${work}/weather/public`)) {
    published.push(name);
  }
  deepStrictEqual(published.sort(), [
    "index.json",
    "weather-0.1.0.js",
    "weather-0.1.0.json",
    "weather-0.1.0.lock.json",
  ]);
  await Deno.remove(folder, { recursive: true });
});
