import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { findPlaces } from "./places.ts";

Deno.test("findPlaces() lets a role read the data directory that its environment names", () => {
  const env = (name: string) =>
    ({ SKYMAP_SHELL_DATA_DIR: "/from/env", HOME: "/home/me" })[name];
  strictEqual(findPlaces("shell", [], env).data, "/from/env");
  const flags = ["--data-dir", "/from/flag"];
  strictEqual(findPlaces("shell", flags, env).data, "/from/flag");
  strictEqual(findPlaces("worker", ["--data-dir=/x"], env).data, "/x");
});

Deno.test("findPlaces() names the pager and editor of a person, and where their files go", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/myless`, "", { mode: 0o755 });
    await Deno.writeTextFile(`${folder}/notes`, "", { mode: 0o644 });
    const env = (name: string) =>
      ({
        PAGER: "myless -S",
        EDITOR: "notes",
        HOME: "/home/me",
        PATH: `/nowhere:${folder}`,
      })[name];
    const { programs, written } = findPlaces(
      "shell",
      ["--download-dir", "/tmp/files", "search all"],
      env,
    );
    // What cannot be started needs no permission.
    deepStrictEqual(programs, [`${folder}/myless`]);
    deepStrictEqual(written, ["/home/me/.local/state/skymap", "/tmp/files"]);
    strictEqual(findPlaces("metrics", [], env).programs, undefined);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("findPlaces() lets core read every file of overrides", () => {
  const env = (name: string) =>
    name === "SKYMAP_CORE_OVERRIDE_PATH" ? "/a /b" : undefined;
  const filesOf = (role: "core" | "worker", ...args: string[]) =>
    findPlaces(role, args, env).files;
  deepStrictEqual(filesOf("core"), ["/a", "/b"]);
  deepStrictEqual(
    filesOf("core", "--override-path", "/c", "--override-path=/d"),
    ["/c", "/d"],
  );
  deepStrictEqual(filesOf("worker"), []);
});

Deno.test("findPlaces() knows which command of plugins runs their code", () => {
  const env = () => undefined;
  const cases: readonly (readonly [string, boolean])[] = [
    ["policy", false],
    ["policy show", false],
    ["policy set --net none", false],
    ["policy --core-uri http://127.0.0.1:8900", false],
    ["policy aws", true],
    ["policy --tag aws@1.0.0", true],
    ["list aws", false],
  ];
  for (const [words, runs] of cases) {
    const { runsPlugin } = findPlaces("plugin", words.split(" "), env);
    strictEqual(runsPlugin, runs, words);
  }
});
