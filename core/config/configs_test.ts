import {
  deepStrictEqual,
  doesNotMatch,
  match,
  ok,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import type { Json, JsonObject } from "@skymap/lib/json";
import { openTestDatabase } from "../db/test_database.ts";
import { FRUIT, refusal, testConfigs } from "./_test_configs.ts";
import type { ForeignSection } from "./document_rules.ts";

const at = await openTestDatabase();
const db = at.db.system;
const me = { by: "me" };

Deno.test("Configs answer before anything was set, and store nothing for it", async () => {
  const configs = await testConfigs(db);
  deepStrictEqual(configs.ids(), [
    "skymap.commands",
    "skymap.core",
    "skymap.metrics",
    "skymap.worker",
  ]);
  const { revision, config } = await configs.get("skymap.worker");
  deepStrictEqual({ revision, config }, { revision: 0, config: {} });
  match(await configs.text("skymap.worker"), /^ {2}#pool_size: 5$/m);
  strictEqual(configs.core().history_keep, "180d");
  deepStrictEqual(configs.core().workflows, {
    collect: { schedule: "0 * * * *", time_zone: "UTC" },
    metrics: { schedule: "none", time_zone: "UTC" },
  });
  // What was shown and written back unchanged sets nothing either.
  await configs.put("skymap.core", await configs.text("skymap.core"), me);
  const [rows] = await db.query<[unknown[]]>("SELECT * FROM config");
  deepStrictEqual(rows, []);
});

Deno.test("Configs keep what was set and no default, over a restart", async () => {
  const configs = await testConfigs(db);
  const changed = await configs.put(
    "skymap.worker",
    "worker:\n  pool_size: 7\nfruit:\n",
    me,
  );
  strictEqual(changed.revision, 1);
  strictEqual(changed.updated_by, "me");
  strictEqual(changed.updated_at, "2026-01-31T12:00:00.000Z");
  const again = await testConfigs(db, { keeps: true });
  deepStrictEqual((await again.get("skymap.worker")).config, {
    worker: { pool_size: 7 },
    fruit: {},
  });
});

Deno.test("Configs name every fault with its path, line and column", async () => {
  const configs = await testConfigs(db);
  const message = await refusal(configs.put(
    "skymap.worker",
    `worker:
  poolsize: 3
  timeout: many
fruit:
  pool_size: 0
  api_token: [sesame-open]
friut: {}
`,
    me,
  ));
  strictEqual(
    message,
    `config_invalid: Cannot read configuration "skymap.worker":
line 2, column 3: worker.poolsize is no such property; did you mean "pool_size"?
   2 |   poolsize: 3
         ^
line 3, column 12: worker.timeout is "many", wanted a number
   3 |   timeout: many
                  ^
line 5, column 14: fruit.pool_size is 0, wanted at least 1
   5 |   pool_size: 0
                    ^
line 6, column 14: fruit.api_token is a list, wanted a text
   6 |   api_token: …
                    ^
line 7, column 1: friut is no such section, and the registry has no plugin of this name; did you mean "fruit"?
   7 | friut: {}
       ^`,
  );
  strictEqual((await configs.get("skymap.worker")).revision, 0);
});

Deno.test("Configs refuse a change that is based on what is no more", async () => {
  const configs = await testConfigs(db);
  const set = (pool_size: number, revision?: number) =>
    configs.patch("skymap.worker", { worker: { pool_size } }, {
      ...me,
      revision,
    });
  await set(1, 0);
  await set(2, 1);
  match(
    await refusal(set(3, 1)),
    /^conflict: Cannot change configuration "skymap.worker": it is based on revision 1, the newest is 2/,
  );
  match(
    await refusal(configs.remove("skymap.worker", { ...me, revision: 1 })),
    /^conflict/,
  );
  // Without a revision changes come one after the other, and none is lost.
  await Promise.all([
    configs.patch("skymap.worker", { worker: { graph: "g" } }, me),
    configs.patch("skymap.worker", { worker: { timeout: 5 } }, me),
    configs.patch("skymap.worker", { fruit: { region: "north" } }, me),
  ]);
  const { revision, config } = await configs.get("skymap.worker");
  strictEqual(revision, 5);
  deepStrictEqual(config, {
    worker: { pool_size: 2, graph: "g", timeout: 5 },
    fruit: { region: "north" },
  });
});

Deno.test("Configs find that another core was faster", async () => {
  const one = await testConfigs(db);
  const other = await testConfigs(db, { keeps: true });
  await one.patch("skymap.worker", { worker: { pool_size: 1 } }, me);
  const late = other.patch("skymap.worker", { worker: { pool_size: 2 } }, me);
  match(await refusal(late), /^conflict/);
  deepStrictEqual((await other.get("skymap.worker")).config, {
    worker: { pool_size: 1 },
  });
});

Deno.test("Configs return to what was, also behind a deletion", async () => {
  const configs = await testConfigs(db);
  await configs.put("mine", { a: 1 }, me);
  await configs.put("mine", { a: 2 }, { by: "you" });
  await configs.remove("mine", me);
  match(await refusal(configs.get("mine")), /^config_unknown/);
  ok(!configs.ids().includes("mine"));
  deepStrictEqual(
    (await configs.history("mine")).map((each) => [
      each.revision,
      each.updated_by,
      each.deleted,
    ]),
    [[3, "me", true], [2, "you", false], [1, "me", false]],
  );
  deepStrictEqual((await configs.rollback("mine", 1, me)).config, { a: 1 });
  strictEqual((await configs.get("mine")).revision, 4);
  deepStrictEqual(
    (await configs.get("mine", { revision: 2 })).config,
    { a: 2 },
  );
  match(
    await refusal(configs.rollback("mine", 3, me)),
    /it was deleted by it/,
  );
  match(
    await refusal(configs.rollback("mine", 9, me)),
    /Cannot find revision 9 of configuration "mine": kept are 1 to 4/,
  );
});

Deno.test("Configs keep a hundred revisions", async () => {
  const configs = await testConfigs(db);
  for (let a = 1; a <= 103; a++) await configs.put("mine", { a }, me);
  const history = await configs.history("mine");
  deepStrictEqual(
    [history.length, history[0]?.revision, history.at(-1)?.revision],
    [100, 103, 4],
  );
  const [rows] = await db.query<[unknown[]]>("SELECT id FROM config");
  strictEqual(rows.length, 100);
});

Deno.test("Configs hide secrets and take their marks back, wherever they moved", async () => {
  const configs = await testConfigs(db);
  const secret = {
    fruit: {
      api_token: "open-sesame",
      region: "north",
      credentials: [
        { user: "ann", password: "first-word" },
        { user: "bob", password: "second-word" },
      ],
    },
  };
  await configs.put("skymap.worker", secret, me);
  const text = await configs.text("skymap.worker");
  doesNotMatch(text, /sesame|first-word|second-word/);
  doesNotMatch(
    await configs.text("skymap.worker", { effective: true }),
    /sesame|first-word|second-word/,
  );
  match(await configs.text("skymap.worker", { secrets: true }), /open-sesame/);
  // Ann is gone, Bob moved to her place and keeps his own password.
  const marks = (await configs.get("skymap.worker")).config["fruit"] as {
    api_token: string;
    credentials: { user: string; password: string }[];
  };
  await configs.put("skymap.worker", {
    fruit: {
      api_token: marks.api_token,
      credentials: marks.credentials.slice(1),
    },
  }, me);
  deepStrictEqual(configs.active("skymap.worker").config, {
    fruit: {
      api_token: "open-sesame",
      credentials: [{ user: "bob", password: "second-word" }],
    },
  });
  match(
    await refusal(configs.put("skymap.worker", {
      fruit: { api_token: marks.credentials[0]?.password ?? "" },
    }, me)),
    /fruit.api_token is the mark of a secret that is not known/,
  );
});

Deno.test("Configs show references to the environment as they are written", async () => {
  const configs = await testConfigs(db);
  await configs.put("skymap.worker", {
    fruit: { api_token: "$(SKYMAP_FRUIT)", endpoint: "$(SKYMAP_PLACE)" },
  }, me);
  match(await configs.text("skymap.worker"), /api_token: \$\(SKYMAP_FRUIT\)/);
  match(
    await refusal(configs.put("skymap.worker", {
      fruit: { endpoint: "no url" },
    }, me)),
    /fruit.endpoint is "no url", wanted a URL/,
  );
});

Deno.test("Configs of core take no references to the environment", async () => {
  const configs = await testConfigs(db);
  match(
    await refusal(
      configs.patch("skymap.core", { core: { history_keep: "$(KEEP)" } }, me),
    ),
    /core.history_keep is "\$\(KEEP\)", wanted a duration/,
  );
  await configs.patch("skymap.metrics", {
    metrics: { graph: "$(SKYMAP_GRAPH)" },
  }, me);
});

Deno.test("Configs tell of each change, and of none that is not", async () => {
  const configs = await testConfigs(db);
  const told: string[] = [];
  using _listener = configs.onChange(async (id) => {
    await Promise.resolve();
    told.push(id);
  });
  await configs.patch("skymap.core", { core: { history_keep: "9d" } }, me);
  strictEqual(configs.core().history_keep, "9d");
  await configs.patch("skymap.core", { core: { history_keep: "9d" } }, me);
  await configs.validate("skymap.core", { core: { history_keep: "8d" } });
  await refusal(configs.patch("skymap.core", { core: { x: 1 } }, me));
  deepStrictEqual(told, ["skymap.core"]);
  await configs.remove("skymap.core", me);
  strictEqual(configs.core().history_keep, "180d");
  deepStrictEqual(told, ["skymap.core", "skymap.core"]);
});

Deno.test("Configs keep the section of a plugin that went or changed", async () => {
  const plugins: ForeignSection[] = [FRUIT];
  const configs = await testConfigs(db, { plugins });
  await configs.put("skymap.worker", { fruit: { pool_size: 9 } }, me);
  plugins.pop();
  const { notes, config } = await configs.patch("skymap.worker", {
    worker: { pool_size: 3 },
  }, me);
  deepStrictEqual(config, {
    fruit: { pool_size: 9 },
    worker: { pool_size: 3 },
  });
  deepStrictEqual(notes, [
    "fruit is no such section, and the registry has no plugin of this name, " +
    "wanted worker; it was so before and is kept",
  ]);
  match(
    await refusal(
      configs.patch("skymap.worker", { fruit: { pool_size: 8 } }, me),
    ),
    /fruit is no such section/,
  );
});

Deno.test("Configs let overrides count more, and say so", async () => {
  const override = {
    id: "skymap.core",
    path: ["core", "history_keep"],
    value: "30d",
    origin: "--history-keep",
  };
  const configs = await testConfigs(db, { overrides: [override] });
  strictEqual(configs.core().history_keep, "30d");
  const { notes } = await configs.patch("skymap.core", {
    core: { history_keep: "9d", cli: { default_graph: "other" } },
  }, me);
  deepStrictEqual(notes, [
    "core.history_keep does not count: --history-keep says otherwise",
  ]);
  strictEqual(configs.core().history_keep, "30d");
  const text = await configs.text("skymap.core", { effective: true });
  match(text, /^ {2}history_keep: 30d {2}# --history-keep$/m);
  match(text, /^ {4}default_graph: other {2}# revision 1$/m);
  match(text, /^ {4}default_section: reported {2}# default$/m);
  match(
    await configs.text("skymap.core"),
    /^# core.history_keep is "30d" whatever stands here: --history-keep$/m,
  );
  const [summary] = configs.list().filter(({ id }) => id === "skymap.core");
  deepStrictEqual(summary?.overridden, ["core.history_keep"]);
});

Deno.test("Configs take the defaults of a stored document that is broken", async () => {
  await testConfigs(db);
  await db.query(
    `CREATE config:⟨skymap.core@1⟩ CONTENT {
      document: "skymap.core", revision: 1, at: time::now(), by: "later",
      text: '{"core":{"history_keep":"9d","unheard_of":1}}' }`,
  );
  const configs = await testConfigs(db, { keeps: true });
  strictEqual(configs.core().history_keep, "180d");
});

Deno.test("Configs name the nearest id, and what ids are", async () => {
  const configs = await testConfigs(db);
  match(
    await refusal(configs.get("skymap.wroker")),
    /^config_unknown: Cannot find configuration "skymap.wroker": there is none; did you mean "skymap.worker"\?/,
  );
  match(await refusal(configs.put("a b", {}, me)), /^config_invalid/);
  match(await refusal(configs.put("..", {}, me)), /^config_invalid/);
  throws(() => configs.schema("nothing"), { code: "config_unknown" });
  await configs.put("own.doc", { any: ["thing"] }, me);
  deepStrictEqual(configs.schema("own.doc"), { type: "object" });
  await configs.copy("own.doc", "another", "me");
  match(await refusal(configs.copy("own.doc", "another", "me")), /^conflict/);
  strictEqual(
    configs.active("another").version,
    configs.active("own.doc").version,
  );
});

Deno.test("Configs take no name that no graph can have", async () => {
  const configs = await testConfigs(db);
  for (
    const [id, path] of [
      ["skymap.core", ["core", "cli", "default_graph"]],
      ["skymap.worker", ["worker", "graph"]],
      ["skymap.metrics", ["metrics", "graph"]],
    ] as const
  ) {
    const of = (name: string) =>
      path.reduceRight<JsonObject | string>(
        (inner, key) => ({ [key]: inner }),
        name,
      ) as JsonObject;
    strictEqual(
      await refusal(configs.put(id, of("a b"), { by: "test" })),
      `config_invalid: Cannot take configuration "${id}": ${path.join(".")} ` +
        'is "a b", wanted a letter and up to 62 letters, digits, "_" or "-"',
    );
    await configs.validate(id, of("prod_1"));
  }
  await configs.validate("skymap.worker", {
    worker: { graph: "$(SKYMAP_MINE)" },
  });
});

Deno.test("Configs take no metric whose search gives no value", async () => {
  const configs = await testConfigs(db);
  const told = (search: string) =>
    refusal(
      configs.validate("skymap.metrics", {
        metrics: { metrics: { cats: { help: "Cats", search } } },
      }),
    );
  const is =
    'Cannot take configuration "skymap.metrics": metrics.metrics.cats.search';
  for (
    const [search, wanted] of [
      ["is(cat)", "gives no values, wanted one: aggregate"],
      [
        "aggregate(sum(1) as a, sum(2) as b): all",
        "gives 2 values, wanted one",
      ],
      ["aggregate(sum(1)", "is no search: Cannot"],
    ] as const
  ) {
    strictEqual(
      (await told(search)).startsWith(`config_invalid: ${is} ${wanted}`),
      true,
      await told(search),
    );
  }
  await configs.validate("skymap.metrics", {
    metrics: {
      metrics: { cats: { help: "Cats", search: "aggregate(sum(1)): is(cat)" } },
    },
  });
});

Deno.test("Configs try a document before it is stored, in whatever way it is set", async () => {
  const tried: JsonObject[] = [];
  const fault = {
    path: ["metrics", "metrics", "cats", "search"],
    message: "has 3 series",
  };
  const configs = await testConfigs(db, {
    overrides: [{
      id: "skymap.metrics",
      path: ["metrics", "timeout"],
      value: 9,
      origin: "a flag",
    }],
    metricTrial: (config) => {
      tried.push(config);
      const isRefused = JSON.stringify(config).includes("refused");
      return Promise.resolve({
        faults: isRefused ? [fault] : [],
        notes: ['metric "cats" gives nothing now'],
      });
    },
  });
  const id = "skymap.metrics";
  const text = (help: string) =>
    `metrics:
  metrics:
    cats:
      help: ${help}
      search: "aggregate(sum(1)): is(cat)"
`;
  const { notes } = await configs.put(id, text("Cats"), me);
  deepStrictEqual(notes, ['metric "cats" gives nothing now']);
  deepStrictEqual(await configs.validate(id, text("Cats")), notes);
  strictEqual((tried[0]?.["metrics"] as JsonObject)["timeout"], 9);

  const told = `config_invalid: Cannot read configuration "${id}":
line 5, column 15: metrics.metrics.cats.search has 3 series
   5 |       search: "aggregate(sum(1)): is(cat)"
                     ^`;
  strictEqual(await refusal(configs.put(id, text("refused"), me)), told);
  strictEqual(await refusal(configs.validate(id, text("refused"))), told);
  const patch = { metrics: { metrics: { cats: { help: "refused" } } } };
  match(
    await refusal(configs.patch(id, patch, me)),
    /^config_invalid: Cannot take configuration "skymap.metrics": metrics.metrics.cats.search has 3 series$/,
  );
  strictEqual((await configs.get(id)).revision, 1);

  // What is refused by its rules alone is not tried, nor is any other document.
  const before = tried.length;
  await refusal(configs.put(id, "metrics: {timeout: 0}", me));
  await configs.put("skymap.worker", { worker: { pool_size: 2 } }, me);
  strictEqual(tried.length, before);
});

Deno.test("Configs store nothing when whoever wants it is gone", async () => {
  const gone = new AbortController();
  const configs = await testConfigs(db, {
    metricTrial: (_config, _before, signal) => {
      gone.abort(new Error("gone"));
      signal.throwIfAborted();
      return Promise.resolve({ faults: [], notes: [] });
    },
  });
  await rejects(
    configs.put("skymap.metrics", { metrics: { timeout: 7 } }, {
      ...me,
      signal: gone.signal,
    }),
    { message: "gone" },
  );
  strictEqual((await configs.get("skymap.metrics")).revision, 0);
});

Deno.test("Configs drop a metric by what is said, and not by null", async () => {
  const configs = await testConfigs(db);
  const of = (volumes: Json) => ({ metrics: { metrics: { volumes } } });
  await configs.put("skymap.metrics", of({ enabled: false }), me);
  match(
    await refusal(configs.put("skymap.metrics", of(null), me)),
    /metrics\.metrics\.volumes is empty, wanted properties$/,
  );
  const { config } = await configs.patch("skymap.metrics", of(null), me);
  deepStrictEqual(config, { metrics: { metrics: {} } });
});

Deno.test("Configs take no time zone that there is not", async () => {
  const configs = await testConfigs(db);
  const collect = { schedule: "0 5 * * *", time_zone: "Mars" };
  for (const each of [collect, { ...collect, schedule: "none" }]) {
    const core = { workflows: { collect: each } };
    strictEqual(
      await refusal(configs.put("skymap.core", { core }, me)),
      'config_invalid: Cannot take configuration "skymap.core": ' +
        'core.workflows.collect.time_zone is "Mars", wanted the IANA name of ' +
        "a time zone, such as Europe/Berlin",
    );
  }
});
