import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { unwrap } from "@skymap/lib/client";
import { commandOf } from "../../start/launch.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** What one line in a shell of its own came to. */
interface Ended {
  readonly code: number;
  readonly text: string;
}

/** Runs lines of the standard input in one shell. */
async function shellOn(
  system: System,
  input: string,
  ...flags: readonly string[]
): Promise<Ended> {
  const child = new Deno.Command(Deno.execPath(), {
    args: commandOf("shell", [
      ...["--data-dir", system.dataDir, "--core-uri", system.coreUri],
      ...flags,
    ]),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

async function shell(
  system: System,
  line: string,
  ...flags: readonly string[]
): Promise<Ended> {
  await using process = new RoleProcess("shell", [
    "--data-dir",
    system.dataDir,
    "--core-uri",
    system.coreUri,
    ...flags,
    line,
  ]);
  const code = await process.exit();
  return { code, text: process.text };
}

/** Runs a line that must succeed. */
async function answer(
  system: System,
  line: string,
  ...flags: readonly string[]
): Promise<string> {
  const { code, text } = await shell(system, line, ...flags);
  strictEqual(code, 0, text);
  return text;
}

Deno.test("the shell asks for all that core can answer", async (t) => {
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: ["--override", "demo.size=0.1", "--override", "demo.tick=1"],
  });
  const client = await system.client();
  await until("the first run ends", async () => {
    const [first] = unwrap(await client.runs());
    return first?.ended_at !== undefined;
  });

  await t.step("search counts, and takes flags in front", async () => {
    const text = await answer(system, "search --count is(instance) limit 2");
    const [, shown, total] = /^(\d+) of (\d+) elements from \d+ scopes/m
      .exec(text) ?? [];
    strictEqual(shown, "2", text);
    ok(Number(total) > 2, text);
    const csv = await answer(
      system,
      "search is(account) limit 1",
      "--format",
      "csv",
    );
    match(csv, /kind,id,name,[^\n]*cloud[^\n]*\r\ndemo_account,/);
    const dot = await answer(
      system,
      "search is(account) -->",
      "--format",
      "dot",
    );
    match(dot, /digraph "skymap" \{[^]*" -> "[^]*\n\}/);
  });

  await t.step(
    "what was never listed is said, and can be an error",
    async () => {
      const line = "search is(certificate)";
      match(
        await answer(system, line, "--json"),
        /0 elements from 0 scopes[^]*Warning: No account was ever listed for "certificate"/,
      );
      const { code, text } = await shell(system, line, "--require-complete");
      strictEqual(code, 1);
      match(
        text,
        /^Error: Cannot answer completely: No account was ever listed/m,
      );
      await answer(system, "search --require-complete is(account)");
    },
  );

  await t.step("history, snapshots and the past belong together", async () => {
    const made = await answer(system, "snapshots create first-day");
    match(made, /label=first-day, /);
    match(await answer(system, "snapshots list"), /label=first-day/);
    const then = await answer(
      system,
      "search is(account)",
      "--at",
      "first-day",
    );
    match(then, /kind=demo_account[^]*elements from \d+ scopes.*, as of 2/);
    match(
      await answer(system, "history --change node_created is(account)"),
      /change=node_created, [^\n]*kind=demo_account[^]*elements from \d+ scopes/,
    );
    await answer(system, "snapshots delete first-day");
    const gone = await shell(system, "search all limit 1", "--at", "first-day");
    strictEqual(gone.code, 1);
    match(gone.text, /no time, no duration such as 3d and no snapshot/);
  });

  await t.step("templates are stored, tried and used", async () => {
    await answer(system, "templates add big is({{kind}}) limit 3");
    const again = await shell(system, "templates add big all");
    match(again.text, /there is one of that name/);
    strictEqual(
      (await answer(system, "templates test expand(big, kind=account)")).trim(),
      "is(account) limit 3",
    );
    match(
      await answer(system, "search expand(big, kind=account)"),
      /kind=demo_account/,
    );
    await answer(system, "templates update big is({{kind}}) limit 1");
    match(
      await answer(system, "search expand(big, kind=account)"),
      /^1 element from/m,
    );
    await answer(system, "templates delete big");
    const unknown = await shell(system, "templates show big");
    match(unknown.text, /Cannot find template "big"/);
  });

  await t.step("explain, structure and kinds show what is known", async () => {
    match(
      await answer(system, "explain --analyze is(instance)"),
      /rating: simple[^]*plan, run in [\d.]+ ms:[^]*rows in/,
    );
    const tree = JSON.parse(await answer(system, "structure is(instance)"));
    deepStrictEqual(tree.parts[0].filter, { type: "is", kinds: ["instance"] });
    match(await answer(system, "kinds"), /^name=demo_instance, nodes=/m);
    match(
      await answer(system, "kinds instance"),
      /^property=instance_cores, kind=/m,
    );
  });

  await t.step("lines of the input are run each by itself", async () => {
    const good = await shellOn(system, "echo one\n\n# a remark\necho two\n");
    deepStrictEqual(good, { code: 0, text: "one\ntwo\n" });
    const bad = await shellOn(system, "nonsense\necho two\n", "--stdin");
    strictEqual(bad.code, 1);
    match(bad.text, /^two\nError: [^]*"nonsense"/);
    deepStrictEqual(
      await shellOn(system, "echo one\nquit\necho two\n"),
      { code: 0, text: "one\n" },
    );
  });

  await t.step(
    "several lines are told apart, wrong use ends with 2",
    async () => {
      strictEqual(
        await answer(system, "echo one; echo two"),
        "one\n---\ntwo\n",
      );
      const wrong = await shell(system, "echo one; nonsense");
      strictEqual(wrong.code, 2);
      match(wrong.text, /^Error: [^]*\n +\^/);
    },
  );

  await t.step(
    "a file is stored where it belongs, and replaces none",
    async () => {
      const folder = await Deno.makeTempDir();
      try {
        const line = "search is(account) | list --csv | write accounts.csv";
        const flags = ["--download-dir", folder];
        match(
          await answer(system, line, ...flags),
          /Received .*accounts\.csv, \d+ bytes/,
        );
        match(
          await Deno.readTextFile(`${folder}/accounts.csv`),
          /^kind,id,[^]*\ndemo_account,/,
        );
        const again = await shell(system, line, ...flags);
        strictEqual(again.code, 1);
        match(again.text, /there is one already/);
        await answer(system, line, ...flags, "--force");
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  );
});
