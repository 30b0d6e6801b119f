/**
 * The files of `deploy/` by themselves: what promtool says of them, whether
 * Grafana would take them, and whether the docs explain them.
 *
 * @module
 */

import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { parse } from "yaml";
import { readDashboards } from "../helpers/prometheus/dashboard.ts";
import {
  DEPLOY,
  deployFile,
  deployNames,
} from "../helpers/prometheus/deploy_files.ts";
import { writeFolder } from "../helpers/prometheus/prometheus.ts";
import { prometheusTest } from "../helpers/prometheus/programs.ts";
import { runTool } from "../helpers/prometheus/promtool.ts";

/** A rule that records or alerts. */
interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

const DOCS = new URL("../../docs/monitoring.md", import.meta.url);
const RULES = ["rules/skymap.alerts.yml", "rules/skymap.recording.yml"];
const TESTS = ["rules/skymap_cost_test.yml", "rules/skymap_test.yml"];

async function readRules(name: string): Promise<readonly Rule[]> {
  const { groups } = parse(await deployFile(name)) as {
    groups: readonly { readonly rules: readonly Rule[] }[];
  };
  return groups.flatMap(({ rules }) => rules);
}

/** Sections of a page by their heading. */
async function sections(): Promise<ReadonlyMap<string, string>> {
  const parts = (await Deno.readTextFile(DOCS)).split(/^#{2,3} /m).slice(1);
  return new Map(
    parts.map((part) => {
      const at = part.indexOf("\n");
      return [part.slice(0, at), part.slice(at).trim()] as const;
    }),
  );
}

prometheusTest(
  "promtool accepts the configuration of Prometheus and all rules",
  async () => {
    const names = ["prometheus.yml", ...RULES];
    const files = await Promise.all(
      names.map(async (name) => [name, await deployFile(name)] as const),
    );
    const folder = await writeFolder({
      ...Object.fromEntries(files),
      "skymap.token": "a token",
    });
    const { code, text } = await runTool("promtool", [
      ...["check", "config", "--lint=all", "--lint-fatal"],
      `${folder}/prometheus.yml`,
    ]);
    await Deno.remove(folder, { recursive: true });
    strictEqual(code, 0, text);
    match(text, /SUCCESS: 2 rule files found/);
  },
);

prometheusTest(
  "each alert fires when it should and not when it should not",
  async () => {
    const { code, text } = await runTool("promtool", [
      ...["test", "rules", `${DEPLOY}/rules/skymap_test.yml`],
    ]);
    strictEqual(code, 0, text);
  },
);

prometheusTest(
  "what docs say to type after a change of a rule ends well",
  async () => {
    const text = (await sections()).get("Alerts") ?? "";
    const [, lines = ""] = /```sh\n([^`]*)```/.exec(text) ?? [];
    const commands = lines.trim().split("\n");
    strictEqual(commands.length, 2, text);
    for (const command of commands) {
      match(command, /^promtool /);
      const { code, stdout, stderr } = await new Deno.Command("sh", {
        args: ["-c", command],
        cwd: DEPLOY,
      }).output();
      const said = await new Blob([stdout, stderr]).text();
      strictEqual(code, 0, `${command}\n${said}`);
    }
  },
);

prometheusTest("amtool accepts the configuration of Alertmanager", async () => {
  const { code, text } = await runTool("amtool", [
    ...["check-config", `${DEPLOY}/alertmanager.yml`],
  ]);
  strictEqual(code, 0, text);
});

Deno.test("each alert says how bad it is, what to type and where it is explained", async () => {
  const explained = await sections();
  const tests = (await Promise.all(TESTS.map((name) => deployFile(name))))
    .join("");
  const rules = await readRules("rules/skymap.alerts.yml");
  for (const { alert = "", labels = {}, annotations = {} } of rules) {
    match(labels["severity"] ?? "", /^(critical|warning|info)$/, alert);
    ok((annotations["summary"] ?? "").length > 10, alert);
    ok((annotations["description"] ?? "").length > 40, alert);
    ok((annotations["command"] ?? "").length > 10, alert);
    match(
      annotations["runbook_url"] ?? "",
      new RegExp(`/docs/monitoring\\.md#${alert.toLowerCase()}$`),
    );
    ok((explained.get(alert) ?? "").length > 100, `${alert} is not explained`);
    ok(tests.includes(alert), `${alert} is not tested`);
  }
  const alerts = rules.map(({ alert }) => alert);
  strictEqual(new Set(alerts).size, alerts.length);
  // What is explained is there.
  deepStrictEqual(
    [...explained.keys()].filter((name) => /^Skymap[A-Z]/.test(name)).sort(),
    alerts.toSorted(),
  );
});

Deno.test("each recording rule is named in the docs", async () => {
  const text = await Deno.readTextFile(DOCS);
  for (const { record = "" } of await readRules(RULES[1] ?? "")) {
    match(record, /^[a-z_]+:skymap_[a-z0-9_]+:[a-z0-9_]+$/);
    ok(text.includes(record), `${record} is not in docs/monitoring.md`);
  }
});

Deno.test("rules and dashboards are all files that there are", async () => {
  deepStrictEqual(await deployNames("rules", ".yml"), [...RULES, ...TESTS]);
  deepStrictEqual([...(await readDashboards()).keys()], [
    "grafana/skymap-inventory.json",
    "grafana/skymap-operations.json",
  ]);
});

Deno.test("dashboards have what Grafana's import wants", async () => {
  for (const [file, dashboard] of await readDashboards()) {
    const { id, uid, title, schemaVersion, panels, templating } = dashboard;
    strictEqual(id, null, file);
    strictEqual(`grafana/${uid}.json`, file);
    match(title, /^Skymap: /);
    ok(schemaVersion >= 36, file);
    strictEqual(new Set(panels.map(({ id }) => id)).size, panels.length, file);
    const [source, ...variables] = templating.list;
    deepStrictEqual([source?.name, source?.type, source?.query], [
      "DS_PROMETHEUS",
      "datasource",
      "prometheus",
    ]);
    const wanted = { type: "prometheus", uid: "${DS_PROMETHEUS}" };
    for (const { datasource } of variables) {
      deepStrictEqual(datasource, wanted);
    }
    for (const panel of panels.filter(({ type }) => type !== "row")) {
      const where = `${file}: ${panel.title}`;
      ok((panel.description ?? "").length > 10, `${where} says nothing`);
      ok(panel.fieldConfig?.defaults.unit, `${where} has no unit`);
      const { targets = [] } = panel;
      ok(targets.length > 0, where);
      strictEqual(
        new Set(targets.map(({ refId }) => refId)).size,
        targets.length,
        where,
      );
      for (const each of [panel, ...targets]) {
        deepStrictEqual(each.datasource, wanted, where);
      }
    }
  }
});

Deno.test("dashboards let people choose cloud, account and region", async () => {
  const dashboards = await readDashboards();
  const inventory = dashboards.get("grafana/skymap-inventory.json");
  const names = inventory?.templating.list.map(({ name }) => name) ?? [];
  for (const name of ["cloud", "account", "region"]) ok(names.includes(name));
});

Deno.test("panels lie beside each other, within the width", async () => {
  for (const [file, { panels }] of await readDashboards()) {
    const taken = new Map<string, string>();
    for (const { title, gridPos: { x, y, w, h } } of panels) {
      ok(x >= 0 && w > 0 && x + w <= 24, `${file}: ${title}`);
      for (let row = y; row < y + h; row++) {
        for (let column = x; column < x + w; column++) {
          const key = `${column},${row}`;
          strictEqual(taken.get(key), undefined, `${file}: ${title}`);
          taken.set(key, title);
        }
      }
    }
  }
});
