import { loadKey } from "@skymap/lib/auth";
import { type ErrorCode, isSkymapError } from "@skymap/lib/errors";
import assert from "node:assert/strict";
import { MARKER_FILE, prepareDataDir } from "./data_dir.ts";
import { takeLock } from "./lock.ts";

function newDir(): Promise<string> {
  return Deno.makeTempDir({ prefix: "skymap-dir-" });
}

async function namesIn(dir: string): Promise<string[]> {
  const entries = await Array.fromAsync(Deno.readDir(dir));
  return entries.map((entry) => entry.name).sort();
}

function refuses(dir: string, code: ErrorCode, reason: RegExp): Promise<void> {
  return assert.rejects(
    prepareDataDir(dir),
    (error) =>
      isSkymapError(error, code) && error.message.includes(dir) &&
      reason.test(error.message),
  );
}

Deno.test("prepareDataDir() makes a directory that is its owner's alone", async () => {
  const dir = `${await newDir()}/a/b`;
  await prepareDataDir(dir);
  const { mode } = await Deno.stat(dir);
  assert.equal((mode ?? 0) & 0o777, 0o700);
  const marker = JSON.parse(await Deno.readTextFile(`${dir}/${MARKER_FILE}`));
  assert.equal(marker.format, 1);
  await prepareDataDir(dir);
  const names = await namesIn(dir);
  assert.deepEqual(names, [MARKER_FILE]);
});

Deno.test("prepareDataDir() takes an empty one, or one with a key and a lock", async () => {
  const dir = await newDir();
  await loadKey(dir, { create: true });
  await using _lock = await takeLock(dir);
  await prepareDataDir(dir);
});

Deno.test("prepareDataDir() refuses what is not Skymap's, and leaves it", async () => {
  const dir = await newDir();
  await Deno.writeTextFile(`${dir}/thesis.txt`, "two years of work");
  await refuses(dir, "data_dir_foreign", /"thesis.txt"/);
  const names = await namesIn(dir);
  assert.deepEqual(names, ["thesis.txt"]);
});

Deno.test("prepareDataDir() refuses a marker of another format, or of none", async () => {
  const cases: [string, RegExp][] = [
    ['{"format": 2}', /format 2, this version reads 1/],
    ["{}", /not one of Skymap/],
    ["[1]", /not one of Skymap/],
    ["half a fi", /not one of Skymap/],
  ];
  for (const [text, reason] of cases) {
    const dir = await newDir();
    await Deno.writeTextFile(`${dir}/${MARKER_FILE}`, text);
    await refuses(dir, "data_dir_foreign", reason);
  }
});

Deno.test("prepareDataDir() refuses what it cannot make, or is a file", async () => {
  await refuses("/proc/skymap", "data_dir_unusable", /os error|No such file/);
  const file = await Deno.makeTempFile();
  await refuses(file, "data_dir_unusable", /exists|directory/i);
});

Deno.test({
  name: "prepareDataDir() refuses a directory that it cannot write",
  // The superuser writes everywhere.
  ignore: Deno.uid() === 0,
  fn: async () => {
    const dir = await newDir();
    await prepareDataDir(dir);
    await Deno.chmod(dir, 0o500);
    await refuses(dir, "data_dir_unusable", /denied/i);
  },
});
