import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { unwrap } from "@skymap/lib/client";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** What one line in a shell of its own came to. */
interface Ended {
  readonly code: number;
  readonly text: string;
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
    const [, shown, total] = /^(\d+) of (\d+) records from \d+ scopes/m
      .exec(text) ?? [];
    strictEqual(shown, "2", text);
    ok(Number(total) > 2, text);
    const csv = await answer(
      system,
      "search is(account) limit 1",
      "--format",
      "csv",
    );
    match(csv, /kind,id,name,cloud[^\n]*\r\ndemo_account,/);
    const dot = await answer(system, "search --format dot is(account) -->");
    match(dot, /digraph "skymap" \{[^]*" -> "[^]*\n\}/);
  });

  await t.step(
    "what was never listed is said, and can be an error",
    async () => {
      const line = "search is(certificate)";
      match(
        await answer(system, line, "--json"),
        /0 records from 0 scopes[^]*Warning: No account was ever listed for "certificate"/,
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
    match(made, /label=first-day, at=/);
    match(await answer(system, "snapshots"), /label=first-day/);
    const then = await answer(
      system,
      "search is(account)",
      "--at",
      "first-day",
    );
    match(then, /kind=demo_account[^]*records from \d+ scopes.*, as of 2/);
    match(
      await answer(system, "history --change node_created is(account)"),
      /node_created kind=demo_account[^]*records from \d+ scopes/,
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
      /^1 record from/m,
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
    match(await answer(system, "kinds"), /^kind=demo_instance, bases=/m);
    match(
      await answer(system, "kinds instance"),
      /^property=instance_cores, kind=/m,
    );
  });
});
