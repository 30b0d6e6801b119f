import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { openTestDatabase } from "../../db/test_database.ts";
import { refusal, testConfigs } from "../../config/_test_configs.ts";
import type { Configs } from "../../config/configs.ts";
import { runTestLine, type TestLineOptions } from "../_test_line.ts";

const at = await openTestDatabase();

function withConfigs(configs: Configs) {
  return (line: string, options: TestLineOptions = {}) =>
    runTestLine(line, { ...options, services: { configs } });
}

async function open() {
  const configs = await testConfigs(at.db.system);
  return { configs, run: withConfigs(configs) };
}

Deno.test("configs set changes values, and unset takes them away", async () => {
  const { configs, run } = await open();
  const { text, notes } = await run(
    "configs set skymap.worker worker.pool_size=7 'fruit.region=[north, south]' fruit.api_token=12345678",
  );
  strictEqual(text, "skymap.worker has revision 1 now\n");
  deepStrictEqual(notes, []);
  deepStrictEqual(configs.active("skymap.worker").config, {
    worker: { pool_size: 7 },
    // The schema wants a text, so it is one.
    fruit: { region: ["north", "south"], api_token: "12345678" },
  });
  strictEqual(
    (await configs.get("skymap.worker")).updated_by,
    "test",
  );
  strictEqual(
    (await run("configs set skymap.worker worker.pool_size=7")).text,
    "skymap.worker is as it was: revision 1\n",
  );
  await run("config unset skymap.worker worker.pool_size fruit.api_token");
  deepStrictEqual(configs.active("skymap.worker").config, {
    fruit: { region: ["north", "south"] },
  });
});

Deno.test("configs set names every fault and changes nothing", async () => {
  const { configs, run } = await open();
  match(
    await refusal(
      run("configs set skymap.worker worker.pool_size=many worker.grahp=x"),
    ),
    /^config_invalid: Cannot take configuration "skymap.worker": worker.pool_size is "many", wanted a whole number; worker.grahp is no such property; did you mean "graph"\?$/,
  );
  match(
    await refusal(
      run("configs set skymap.worker worker.graph.x=1 --revision 0"),
    ),
    /worker.graph/,
  );
  strictEqual((await configs.get("skymap.worker")).revision, 0);
});

Deno.test("configs edit gives a file, and its line takes it back", async () => {
  const { configs, run } = await open();
  await run("configs set skymap.worker fruit.api_token=open-sesame");
  const given = await run("configs edit skymap.worker");
  const text = given.files.get("skymap.worker.yml") ?? "";
  ok(!text.includes("open-sesame"));
  const edited = text.replace("#pool_size: 5", "pool_size: 9");
  const line = "configs update --revision 1 skymap.worker skymap.worker.yml";
  const files = { "skymap.worker.yml": edited };
  strictEqual(
    (await run(line, { files })).text,
    "skymap.worker has revision 2 now\n",
  );
  deepStrictEqual(configs.active("skymap.worker").config, {
    worker: { pool_size: 9 },
    fruit: { api_token: "open-sesame" },
  });
  match(
    await refusal(run(line, { files })),
    /^conflict: .*based on revision 1, the newest is 2/,
  );
});

Deno.test("configs show tells what counts and where it is from", async () => {
  const { run } = await open();
  await run("configs set skymap.core core.history_keep=9d");
  match(
    (await run("configs show skymap.core")).text,
    /^# Revision 1, 2026-01-31T12:00:00.000Z by test$/m,
  );
  const { text } = await run("configs show --effective skymap.core");
  match(text, /^ {2}history_keep: 9d {2}# revision 1$/m);
  match(text, /^ {4}default_graph: main {2}# default$/m);
  match(
    (await run("configs show --revision 1 skymap.core")).text,
    /history_keep: 9d/,
  );
});

Deno.test("configs list, copy, history, rollback and delete", async () => {
  const { configs, run } = await open();
  const list = await run("configs list | jq .id");
  strictEqual(
    list.text,
    "skymap.commands\nskymap.core\nskymap.metrics\nskymap.worker\n",
  );
  await run("configs set mine a.b=1");
  await run("configs copy mine yours");
  await run("configs set yours a.b=2");
  await run("configs rollback yours 1");
  deepStrictEqual(configs.active("yours").config, { a: { b: 1 } });
  strictEqual(
    (await run("configs history yours | jq .revision")).text,
    "3\n2\n1\n",
  );
  strictEqual((await run("configs delete yours")).text, "yours was deleted\n");
  strictEqual(
    (await run("configs delete skymap.core")).text,
    "skymap.core was not set\n",
  );
  match(await refusal(run("configs show yours")), /^config_unknown/);
});

Deno.test("configs validate tells what is wrong and sets nothing", async () => {
  const { configs, run } = await open();
  const check = (text: string) =>
    run("configs validate skymap.core c.yml", { files: { "c.yml": text } });
  strictEqual(
    (await check("core: {history_keep: 9d}")).text,
    "skymap.core may be what c.yml says\n",
  );
  match(
    await refusal(check("core:\n  history_keep: soon\n")),
    /line 2, column 17: core.history_keep is "soon", wanted a duration/,
  );
  strictEqual((await configs.get("skymap.core")).revision, 0);
});

Deno.test("configs set points at a value that cannot be meant", async () => {
  const { configs, run } = await open();
  for (
    const [words, wanted] of [
      [
        "worker..pool_size=5",
        /a part of the path "worker..pool_size" is empty/,
      ],
      [
        "worker.pool_size=5 worker.pool_size=6",
        /worker.pool_size is set twice/,
      ],
      ["'fruit.region=[north, south'", /fruit.region begins with \[/],
      ["'fruit.region={north: 1}'", /fruit.region begins with \{/],
    ] as const
  ) {
    const told = await refusal(run(`configs set skymap.worker ${words}`));
    match(told, /^usage: /);
    match(told, wanted);
    // The caret stands under the last word, at its begin or its quote.
    strictEqual(
      told.split("\n").at(-1)?.length,
      "  configs set skymap.worker ".length +
        (words.includes(" worker") ? words.indexOf(" worker") + 2 : 1),
    );
  }
  strictEqual((await configs.get("skymap.worker")).revision, 0);
});

Deno.test("configs set names the section that a path lacks", async () => {
  const { run } = await open();
  match(
    await refusal(
      run("configs set skymap.core workflows.collect.schedule=none"),
    ),
    /workflows is no such section; did you mean "core.workflows"\?$/,
  );
  match(
    await refusal(run("configs set skymap.worker pool_size=4")),
    /pool_size is no such section.*; did you mean "worker.pool_size"\?$/,
  );
});

Deno.test("configs says that nothing reads a document with a new id", async () => {
  const { run } = await open();
  const notesOf = async (id: string) =>
    (await run(`configs set ${id} a=1`)).notes.map((note) =>
      note.type === "message" ? note.text : note.type
    );
  deepStrictEqual(await notesOf("skymap.wroker"), [
    'nothing reads the new document "skymap.wroker"; did you mean "skymap.worker"?',
  ]);
  // It was said.
  deepStrictEqual(await notesOf("skymap.wroker"), []);
  deepStrictEqual(await notesOf("my.own"), []);
});

Deno.test("configs list leaves out what goes without saying", async () => {
  const { run } = await open();
  await run("configs set my.own a=1");
  const lines = (await run("configs list")).text.trimEnd().split("\n");
  strictEqual(
    lines.find((line) => line.startsWith("id=skymap.core")),
    "id=skymap.core, description=How core works: history, schedules, the " +
      "command line, revision=0",
  );
  match(lines[0] ?? "", /^id=my.own, .*is_known=false$/);
});
