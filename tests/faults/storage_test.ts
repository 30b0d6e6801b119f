import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { cp } from "node:fs/promises";
import {
  type CoreClient,
  type MergeReport,
  type SearchRecord,
  unwrap,
} from "@skymap/lib/client";
import { delay } from "@skymap/lib/lifecycle";
import { IndexFile } from "../../core/index/open.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** A small cloud, collected on demand. */
const SMALL = {
  core: ["--no-scheduling"],
  worker: ["--override", "demo.size=0.05", "--override", "demo.tick=1"],
} as const;

/** Data of an installation that has collected once; tests begin with a copy. */
let collectedDir = "";
Deno.test.beforeAll(async () => {
  await using system = await System.start(SMALL);
  const client = await system.client();
  await until(
    "the first run ends",
    async () => unwrap(await client.runs())[0]?.ended_at,
  );
  await system.process("worker").stop();
  strictEqual(await system.process("core").stop(), 0);
  collectedDir = await Deno.makeTempDir({ prefix: "skymap-collected-" });
  await cp(system.dataDir, collectedDir, { recursive: true });
});
Deno.test.afterAll(async () => {
  await Deno.remove(collectedDir, { recursive: true });
});

/** An installation that has collected once, and whose worker has left. */
async function collected(directory?: string): Promise<System> {
  const dataDir = directory ??
    await Deno.makeTempDir({ prefix: "skymap-" });
  await cp(collectedDir, dataDir, { recursive: true });
  const system = await System.start({ ...SMALL, dataDir });
  await system.process("worker").stop();
  return system;
}

/** What a few searches answer, without the times of the coverage. */
async function answers(client: CoreClient): Promise<SearchRecord[][]> {
  const all: SearchRecord[][] = [];
  for (
    const [kind, text] of [
      ["list", "all sort id"],
      ["list", "is(instance) -[1]-> sort id"],
      ["aggregate", "aggregate(kind, account.id: sum(1)): all"],
    ] as const
  ) {
    const records = await Array.fromAsync(client.search("main", kind, text));
    records.pop();
    ok(records.length > 0, text);
    all.push(
      records.sort((one, two) =>
        JSON.stringify(one) < JSON.stringify(two) ? -1 : 1
      ),
    );
  }
  return all;
}

/** Compares record and index; core must be stopped. */
async function verify(dataDir: string): Promise<string> {
  await using process = new RoleProcess("core", [
    "--data-dir",
    dataDir,
    "--verify",
  ]);
  const code = await process.exit();
  strictEqual(code, 0, process.text);
  match(process.text, /graph main: [1-9]\d* nodes, .*: no differences/);
  return process.text;
}

/** The newest file of the index. */
async function indexFile(dataDir: string): Promise<string> {
  const directory = `${dataDir}/index/main`;
  const names = await Array.fromAsync(Deno.readDir(directory));
  const name = names.map(({ name }) => name)
    .filter((name) => name.endsWith(".duckdb")).sort().at(-1);
  ok(name, "there is no index file");
  return `${directory}/${name}`;
}

/** Writes noise over the beginning of a file. */
async function overwrite(path: string): Promise<void> {
  using file = await Deno.open(path, { write: true });
  const size = Math.min((await file.stat()).size, 65_536);
  await file.write(crypto.getRandomValues(new Uint8Array(size)));
}

/** Lines of a merge of scopes of made-up instances. */
function* instanceLines(
  scopes: number,
  nodes: number,
  round = 1,
): Generator<string> {
  const line = (value: unknown) => `${JSON.stringify(value)}\n`;
  for (let scope = 1; scope <= scopes; scope++) {
    yield line({
      type: "scope",
      scope,
      state: "open",
      cloud: "demo",
      account: "made-up",
      region: `r${scope}`,
      kind: "demo_instance",
    });
    for (let number = 0; number < nodes; number++) {
      const id = `i-${scope}-${number}`;
      yield line({
        type: "node",
        scope,
        id,
        reported: { id, name: `instance ${number} of round ${round}` },
      });
    }
    yield line({ type: "scope", scope, state: "complete" });
  }
  yield line({ type: "end" });
}

async function merge(
  client: CoreClient,
  lines: Iterable<string>,
): Promise<MergeReport> {
  const body = ReadableStream.from(lines).pipeThrough(new TextEncoderStream());
  return unwrap(await client.merge("main", body, {}));
}

Deno.test("an index that is missing or damaged is made again from the record", async (t) => {
  await using system = await collected();
  const client = await system.client();
  const expected = await answers(client);
  await system.process("core").stop();

  const damages: readonly (readonly [
    string,
    (path: string) => Promise<void>,
    RegExp,
  ])[] = [
    ["deleted", (path) => Deno.remove(path), /there is none/],
    [
      "deleted with its directory",
      () => Deno.remove(`${system.dataDir}/index`, { recursive: true }),
      /there is none/,
    ],
    ["emptied", (path) => Deno.truncate(path, 0), /made anew/],
    [
      "cut in half",
      async (path) =>
        await Deno.truncate(path, Math.floor((await Deno.stat(path)).size / 2)),
      /made anew/,
    ],
    ["overwritten", overwrite, /made anew/],
    ["another file", (path) => Deno.writeTextFile(path, "mine"), /made anew/],
    ["of an older version", async (path) => {
      using file = await IndexFile.open(path, {});
      const connection = await file.connect();
      await connection.run("update meta set version = version - 1");
      connection.closeSync();
      await file.checkpoint();
    }, /version/],
  ];
  for (const [name, damage, notice] of damages) {
    await t.step(name, async () => {
      await damage(await indexFile(system.dataDir));
      const core = await system.startCore();
      match(core.text, /search index of graph \\"main\\" is made anew: /);
      match(core.text, notice);
      deepStrictEqual(await answers(client), expected);
      strictEqual(await core.stop(), 0);
    });
  }

  await t.step("row by row it is the record's", async () => {
    await verify(system.dataDir);
  });

  await t.step("--verify makes it again as well", async () => {
    await overwrite(await indexFile(system.dataDir));
    match(await verify(system.dataDir), /is made anew/);
  });

  await t.step("--verify tells what differs and ends with 1", async () => {
    {
      using file = await IndexFile.open(await indexFile(system.dataDir), {});
      const connection = await file.connect();
      await connection.run(
        "delete from node where id = (select min(id) from node)",
      );
      connection.closeSync();
      await file.checkpoint();
    }
    await using process = new RoleProcess("core", [
      "--data-dir",
      system.dataDir,
      "--verify",
    ]);
    strictEqual(await process.exit(), 1);
    match(process.text, /graph main: .*: [1-9]\d* differences\n {2}node /);
  });
});

Deno.test("a core that is killed within a merge keeps the scopes that were closed", async () => {
  await using system = await collected();
  const client = await system.client();
  const cut = merge(client, instanceLines(20, 500)).then(
    () => "done",
    () => "cut",
  );
  const count = async () => {
    const records = await Array.fromAsync(
      client.search("main", "list", 'is(demo_instance) and name =~ "round"'),
    );
    return records.length - 1;
  };
  await until("some of it can be searched", async () => await count() > 0);
  await system.process("core").stop("SIGKILL");
  strictEqual(await cut, "cut");

  await verify(system.dataDir);
  await system.startCore();
  const kept = await count();
  ok(kept > 0 && kept < 10_000, `${kept}`);

  const again = await merge(client, instanceLines(20, 500));
  deepStrictEqual(
    [again.scopes_complete, again.nodes_deleted, again.nodes_updated],
    [20, 0, 0],
  );
  strictEqual(await count(), 10_000);
  strictEqual(await system.process("core").stop(), 0);
  await verify(system.dataDir);
});

/** Content of every file but the lock, to see that nothing was touched. */
async function contents(directory: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for await (const entry of Deno.readDir(directory)) {
    const path = `${directory}/${entry.name}`;
    if (entry.isDirectory) {
      for (const [name, hash] of await contents(path)) found.set(name, hash);
    } else if (!/\/(lock|LOCK|LOG.*)$/.test(path)) {
      const bytes = await Deno.readFile(path);
      const hash = await crypto.subtle.digest("SHA-256", bytes);
      found.set(path, new Uint8Array(hash).toHex());
    }
  }
  return found;
}

Deno.test("a damaged database is an error that says where and what to do", async (t) => {
  await using system = await collected();
  strictEqual(await system.process("core").stop(), 0);
  const directory = `${system.dataDir}/db`;
  const names = (await Array.fromAsync(Deno.readDir(directory)))
    .map(({ name }) => name);
  const manifests = names.filter((name) => name.startsWith("MANIFEST-"));
  ok(manifests.length > 0);
  const backup = new Map<string, Uint8Array<ArrayBuffer>>();
  for (const name of names) {
    backup.set(name, await Deno.readFile(`${directory}/${name}`));
  }
  const damages: readonly (readonly [string, () => Promise<void>])[] = [
    ["CURRENT is overwritten", () => overwrite(`${directory}/CURRENT`)],
    ["the manifest is overwritten", async () => {
      for (const name of manifests) await overwrite(`${directory}/${name}`);
    }],
    ["the manifest is gone", async () => {
      for (const name of manifests) await Deno.remove(`${directory}/${name}`);
    }],
    ["all files are overwritten", async () => {
      for (const name of names) await overwrite(`${directory}/${name}`);
    }],
  ];
  for (const [name, damage] of damages) {
    await t.step(name, async () => {
      await damage();
      const before = await contents(system.dataDir);
      await using process = new RoleProcess("core", [
        "--data-dir",
        system.dataDir,
        "--port",
        "0",
      ]);
      strictEqual(await process.exit(), 1);
      match(
        process.text,
        new RegExp(
          `^Error: Cannot open database "${directory}": its files are damaged .*` +
            "restore them from a backup$",
          "m",
        ),
      );
      deepStrictEqual(await contents(system.dataDir), before);
      for (const [file, bytes] of backup) {
        await Deno.writeFile(`${directory}/${file}`, bytes);
      }
    });
  }
  await verify(system.dataDir);
});

async function command(name: string, ...args: readonly string[]) {
  const { success, stdout, stderr } = await new Deno.Command(name, {
    args: [...args],
  }).output();
  const decoder = new TextDecoder();
  return {
    success,
    stdout: decoder.decode(stdout),
    stderr: decoder.decode(stderr),
  };
}

/** A disk in memory; undefined where this user may not mount one. */
async function smallDisk(
  megabytes: number,
): Promise<(AsyncDisposable & { readonly path: string }) | undefined> {
  if (Deno.build.os !== "linux") return;
  const path = await Deno.makeTempDir({ prefix: "skymap-disk-" });
  const mounted = await command(
    "mount",
    "-t",
    "tmpfs",
    "-o",
    `size=${megabytes}m`,
    "tmpfs",
    path,
  ).catch(() => undefined);
  if (mounted?.success !== true) {
    await Deno.remove(path);
    return;
  }
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      // The kernel lets go of a killed process's files a moment later.
      for (let attempt = 0; attempt < 50; attempt++) {
        if ((await command("umount", path)).success) break;
        await delay(50);
      }
      await Deno.remove(path);
    },
  };
}

/** Fills a disk but for so many kilobytes. */
async function fill(path: string, leaveKb: number): Promise<void> {
  const { stdout } = await command("df", "-k", "--output=avail", path);
  const available = Number(stdout.trim().split("\n").at(-1));
  ok(available > leaveKb, `${available} kB`);
  const size = `${available - leaveKb}k`;
  const filled = await command("fallocate", "-l", size, `${path}/filler`);
  ok(filled.success, filled.stderr);
}

Deno.test("a full disk ends core with a clear error, and nothing is lost after it", async (t) => {
  await using disk = await smallDisk(64);
  if (disk === undefined) {
    await t.step({
      name: "this user may not mount a small disk",
      ignore: true,
      fn() {},
    });
    return;
  }
  await using system = await collected(`${disk.path}/data`);
  const client = await system.client();
  const expected = await answers(client);
  for (const leaveKb of [3_000, 300]) {
    await t.step(`${leaveKb} kB are left`, async () => {
      await fill(disk.path, leaveKb);
      const core = system.process("core");
      let refusal = "";
      for (let round = 1; refusal === ""; round++) {
        await merge(client, instanceLines(10, 1_000, round)).catch((error) =>
          refusal = String(error.code)
        );
      }
      await until(
        "core ends",
        () => Promise.resolve(core.ended),
        20_000,
      ).catch((error) => {
        throw new Error(core.text, { cause: error });
      });
      strictEqual(await core.exit(), 1, core.text);
      ok(["database_full", "core_unreachable"].includes(refusal), refusal);
      match(
        core.text,
        /^Error: Cannot go on: the disk that holds ".*\/data" is full; free some space/m,
      );

      await Deno.remove(`${disk.path}/filler`);
      await verify(system.dataDir);
      await system.startCore();
      await merge(client, instanceLines(10, 0));
      deepStrictEqual(await answers(client), expected);
      strictEqual(await system.process("core").stop(), 0);
      await verify(system.dataDir);
      await system.startCore();
    });
  }

  await t.step(
    "core does not start while it is full, and says so",
    async () => {
      strictEqual(await system.process("core").stop(), 0);
      await fill(disk.path, 0);
      await using process = new RoleProcess("core", [
        "--data-dir",
        system.dataDir,
        "--port",
        "0",
      ]);
      strictEqual(await process.exit(), 1);
      match(process.text, /^Error: Cannot .*"?\/.*No space left/mi);
      await Deno.remove(`${disk.path}/filler`);
      await system.startCore();
    },
  );

  await t.step("the next collect succeeds", async () => {
    system.startWorker();
    const run = await system.runWorkflow("collect");
    strictEqual(run.state, "done");
    strictEqual(await system.process("core").stop(), 0);
    await verify(system.dataDir);
  });
});
