import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { isSkymapError } from "@skymap/lib/errors";
import { readSettings } from "@skymap/lib/settings";
import { FakeClock } from "@skymap/lib/testing";
import type { Configs } from "./config/configs.ts";
import { openTestDatabase } from "./db/test_database.ts";
import {
  configuredKeepMs,
  followSchedules,
  lineDefaults,
  openConfigs,
  type OpenConfigsOptions,
} from "./open_configs.ts";
import { flagOverrides, SETTINGS } from "./settings.ts";
import { BUILTIN_WORKFLOWS } from "./workflow/builtin.ts";
import { Schedules } from "./workflow/schedules.ts";

const at = await openTestDatabase();
const db = at.db.system;
const me = { by: "me" };
const DAY_MS = 24 * 3_600_000;

const plugins: OpenConfigsOptions["plugins"] = {
  list: () => [],
  get: () => {
    throw new Error("there is none");
  },
};

async function open(options: Partial<OpenConfigsOptions> = {}) {
  await db.query("DELETE config; DELETE schedule");
  const clock = new FakeClock(Date.UTC(2026, 0, 31, 12));
  const opened = await openConfigs({ db, clock, plugins, ...options });
  return { clock, opened, configs: opened.configs };
}

/** What core is started with, as `skymap core` reads it. */
function started(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Partial<OpenConfigsOptions> {
  const { settings, overrides } = readSettings(SETTINGS, {
    role: "core",
    brief: "Test.",
    args,
    env: (name) => env[name],
    takesOverrides: true,
  });
  return {
    overrides: [...overrides, ...flagOverrides(settings)],
    overridePaths: settings.overridePath,
  };
}

async function withFiles(
  files: Readonly<Record<string, string>>,
  work: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("core takes flags over environment over overrides over files over documents over defaults", async () => {
  await withFiles(
    { "skymap.core.yml": "core: {history_keep: 5d}" },
    async (folder) => {
      const document = { core: { history_keep: "6d" } };
      const file = ["--override-path", folder];
      const override = ["--override", "core.history_keep=4d"];
      const overrideEnv = {
        SKYMAP_CORE_OVERRIDE: "skymap.core.core.history_keep=x",
      };
      const env = { SKYMAP_CORE_HISTORY_KEEP: "3d" };
      const flag = ["--history-keep", "2d"];
      const variable = { SKYMAP_CORE_OVERRIDE0: "core.history_keep=4d12h" };
      const table = [
        ["default", [], {}, {}, "180d"],
        ["revision 1", [], {}, document, "6d"],
        [`${folder}/skymap.core.yml`, file, {}, document, "5d"],
        ["SKYMAP_CORE_OVERRIDE0", file, variable, document, "4d12h"],
        ["--override", [...file, ...override], variable, document, "4d"],
        [
          "--history-keep or SKYMAP_CORE_HISTORY_KEEP",
          [...file, ...override],
          env,
          document,
          "3d",
        ],
        [
          "--history-keep or SKYMAP_CORE_HISTORY_KEEP",
          [...file, ...override, ...flag],
          env,
          document,
          "2d",
        ],
      ] as const;
      for (const [origin, args, environment, stored, keep] of table) {
        const { configs } = await open(started(args, environment));
        await configs.put("skymap.core", stored, me);
        strictEqual(configs.core().history_keep, keep, origin);
        const text = await configs.text("skymap.core", { effective: true });
        match(text, new RegExp(`^  history_keep: ${keep}  # ${origin}$`, "m"));
      }
      await rejects(open(started([], overrideEnv)), {
        code: "config_invalid",
        message:
          /Cannot take configuration "skymap.core of SKYMAP_CORE_OVERRIDE": core.core is no such property/,
      });
    },
  );
});

Deno.test("core keeps history as long as is configured by now", async () => {
  const { configs } = await open();
  strictEqual(configuredKeepMs(configs), 180 * DAY_MS);
  await configs.patch("skymap.core", { core: { history_keep: "2d" } }, me);
  strictEqual(configuredKeepMs(configs), 2 * DAY_MS);
  await configs.patch("skymap.core", { core: { history_keep: "none" } }, me);
  strictEqual(configuredKeepMs(configs), undefined);
  const { configs: forEver } = await open(started(["--history-keep", "0"]));
  strictEqual(configuredKeepMs(forEver), undefined);
});

Deno.test("lines that say nothing else are about the graph that is configured", async () => {
  const { configs } = await open();
  deepStrictEqual(lineDefaults(configs), {
    graph: "main",
    section: "reported",
    time_zone: "UTC",
  });
  const cli = { default_graph: "prod", default_time_zone: "Europe/Berlin" };
  await configs.patch("skymap.core", { core: { cli } }, me);
  deepStrictEqual(lineDefaults(configs), {
    graph: "prod",
    section: "reported",
    time_zone: "Europe/Berlin",
  });
});

async function schedulesOf(configs: Configs, clock: FakeClock) {
  const schedules = await Schedules.open({
    db,
    clock,
    workflows: BUILTIN_WORKFLOWS,
  });
  const following = await followSchedules(configs, schedules);
  return { schedules, following };
}

Deno.test("workflows run as they are configured, at once and after a restart", async () => {
  const { configs, clock } = await open();
  const set = (workflows: Record<string, Record<string, string> | null>) =>
    configs.patch("skymap.core", { core: { workflows } }, me);
  {
    const { schedules, following } = await schedulesOf(configs, clock);
    using _following = following;
    strictEqual(schedules.get("collect_and_cleanup")?.cron, "0 * * * *");
    strictEqual(schedules.get("collect"), undefined);
    await set({
      collect_and_cleanup: { schedule: "none" },
      collect: { schedule: "5 4 * * *", time_zone: "Europe/Berlin" },
    });
    await following.idle();
    strictEqual(schedules.get("collect_and_cleanup"), undefined);
    deepStrictEqual(schedules.get("collect"), {
      cron: "5 4 * * *",
      timeZone: "Europe/Berlin",
      next: new Date("2026-02-01T03:05:00Z"),
    });
  }
  const { schedules, following } = await schedulesOf(configs, clock);
  using _following = following;
  strictEqual(schedules.get("collect_and_cleanup"), undefined);
  strictEqual(schedules.get("collect")?.cron, "5 4 * * *");
  await set({ collect_and_cleanup: null, collect: null });
  await following.idle();
  strictEqual(schedules.get("collect_and_cleanup")?.cron, "0 * * * *");
  strictEqual(schedules.get("collect"), undefined);
});

Deno.test("a schedule that cannot be used is refused where it stands", async () => {
  const { configs } = await open();
  await rejects(
    configs.put(
      "skymap.core",
      "core:\n  workflows:\n    collect:\n      schedule: every day\n",
      me,
    ),
    (error) =>
      isSkymapError(error, "config_invalid") &&
      /line 4, column 17: core.workflows.collect.schedule is "every day", wanted five fields: minute/
        .test(error.message),
  );
});

Deno.test("files of overrides are taken up while core runs, and broken ones are not", async () => {
  await withFiles(
    { "skymap.core.yml": "core: {history_keep: 5d}" },
    async (folder) => {
      const { configs, opened, clock } = await open({
        overridePaths: [folder],
      });
      using _opened = opened;
      strictEqual(configs.core().history_keep, "5d");
      const look = async () => {
        clock.advance(10_000);
        await opened.idle();
      };
      const path = `${folder}/skymap.core.yml`;
      await Deno.writeTextFile(path, "core: {history_keep: 7d}");
      await look();
      strictEqual(configs.core().history_keep, "7d");
      await Deno.writeTextFile(path, "core: {history_keep: soon}");
      await look();
      strictEqual(configs.core().history_keep, "7d");
      await Deno.writeTextFile(path, "core: {history_keep: 7d}");
      await Deno.writeTextFile(`${folder}/own.yaml`, "a: 1");
      await look();
      deepStrictEqual(configs.active("own").config, { a: 1 });
      await Deno.remove(path);
      await look();
      strictEqual(configs.core().history_keep, "180d");
    },
  );
});

Deno.test("core refuses to start with overrides that it cannot use", async () => {
  const refuses = async (
    files: Readonly<Record<string, string>>,
    message: RegExp,
  ) =>
    await withFiles(files, async (folder) => {
      await rejects(open({ overridePaths: [folder] }), {
        code: "config_invalid",
        message,
      });
    });
  await refuses(
    { "skymap.core.yml": "core: {x: 1}" },
    /skymap.core.yml.*core.x/,
  );
  await refuses({ "skymap.core.yml": "core: [" }, /line 1, column/);
  await rejects(open({ overridePaths: ["/nowhere/at/all"] }), {
    code: "config_invalid",
    message: /Cannot read overrides from "\/nowhere\/at\/all"/,
  });
});
