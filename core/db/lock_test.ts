import { isSkymapError } from "@skymap/lib/errors";
import assert from "node:assert/strict";
import { takeLock } from "./lock.ts";
import { startProcess } from "./test_process.ts";

const HOLD = (dir: string) => `
  import { takeLock } from "DIRlock.ts";
  try {
    await takeLock(${JSON.stringify(dir)});
    console.log("taken");
    setInterval(() => {}, 1000);
  } catch (error) {
    console.log(error.code + ": " + error.message);
  }`;

function newDir(): Promise<string> {
  return Deno.makeTempDir({ prefix: "skymap-lock-" });
}

Deno.test("takeLock() refuses a second process and names the first", async () => {
  const dir = await newDir();
  await using _lock = await takeLock(dir);
  await using second = startProcess(HOLD(dir));
  const line = await second.line() ?? "";
  assert.match(line, /^data_dir_locked: /);
  assert.ok(line.includes(`process ${Deno.pid} `), line);
  assert.ok(line.includes(dir), line);
});

Deno.test("takeLock() takes over from a process that was killed", async () => {
  const dir = await newDir();
  await using first = startProcess(HOLD(dir));
  assert.equal(await first.line(), "taken");
  await assert.rejects(
    takeLock(dir),
    (error) =>
      isSkymapError(error, "data_dir_locked") &&
      error.details.pid === first.pid,
  );
  await first.kill();
  await using lock = await takeLock(dir);
  assert.equal(await Deno.readTextFile(lock.path), `${Deno.pid}\n`);
});

Deno.test("takeLock() holds against this process too, until it is let go", async () => {
  const dir = await newDir();
  {
    await using _lock = await takeLock(dir);
    await assert.rejects(
      takeLock(dir),
      (error) => isSkymapError(error, "data_dir_locked"),
    );
  }
  await using _again = await takeLock(dir);
});

Deno.test("takeLock() says why a lock file cannot be opened", async () => {
  await assert.rejects(
    takeLock("/proc/skymap"),
    (error) =>
      isSkymapError(error, "data_dir_unusable") &&
      error.message.includes("/proc/skymap/lock"),
  );
});
