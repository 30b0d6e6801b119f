/**
 * What Skymap tells Prometheus, read by a real Prometheus with the files of
 * `deploy/`, and told by it to a real Alertmanager.
 *
 * @module
 */

import {
  deepStrictEqual,
  match,
  ok,
  rejects,
  strictEqual,
} from "node:assert/strict";
import { type CoreClient, type NodeJson, unwrap } from "@skymap/lib/client";
import { DEFAULT_METRICS } from "@skymap/lib/metrics";
import { Receiver } from "../../core/cli/http_request/_receiver.ts";
import { addPlugin } from "../helpers/add_plugin.ts";
import { addMeasuredCloud } from "../helpers/measured_cloud.ts";
import {
  pageSeries,
  searchedSeries,
  seriesDifferences,
  seriesKey,
} from "../helpers/metrics_page.ts";
import {
  Alertmanager,
  type Notification,
} from "../helpers/prometheus/alertmanager.ts";
import {
  chooseAll,
  labelValuesOf,
  readDashboards,
} from "../helpers/prometheus/dashboard.ts";
import {
  deployFile,
  prometheusFiles,
} from "../helpers/prometheus/deploy_files.ts";
import { prometheusTest } from "../helpers/prometheus/programs.ts";
import { Prometheus, writeFolder } from "../helpers/prometheus/prometheus.ts";
import { lintPage } from "../helpers/prometheus/promtool.ts";
import { RoleProcess, System, until } from "../helpers/system.ts";

/** What everything is chosen by; rates are those of what was scraped so far. */
const ALL = {
  job: "skymap-metrics",
  graph: "main",
  cloud: ".*",
  account: ".*",
  region: ".*",
  __rate_interval: "1m",
};

/** A plugin that reaches for what it was not granted. */
const GREEDY = `import { definePlugin } from "@skymap/lib/plugin";
export default definePlugin({
  name: "greedy",
  version: "1.0.0",
  description: "Wants more than it says",
  permissions: {},
  commands: {
    peek() {
      try { Deno.env.get("HOME"); } catch {}
    },
  },
});
`;

/** The page of a role, as Prometheus gets it. */
async function pageOf(port: number, token?: string): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const text = await answer.text();
  strictEqual(answer.status, 200, text);
  return text;
}

/** A token for Prometheus, made as the docs say. */
async function scrapeToken({ dataDir }: System): Promise<string> {
  await using shell = new RoleProcess("shell", [
    ...["--data-dir", dataDir, "--print-scrape-token"],
  ]);
  strictEqual(await shell.exit(), 0, shell.text);
  return shell.text.trim();
}

/** Runs a line and gives what it prints; it must not fail. */
async function run(client: CoreClient, line: string): Promise<string> {
  let text = "";
  for await (const frame of client.execute(line)) {
    if (frame.type === "text") text += frame.text;
    if (frame.type === "error") throw new Error(frame.problem.detail);
  }
  return text;
}

/** Dashboards compare with a day and a week ago: what was known then. */
function history(): string {
  const now = Math.floor(Date.now() / 1_000);
  const times = [7, 1].flatMap((days) =>
    Array.from(
      { length: 15 },
      (_, minute) => now - days * 86_400 + 60 * (minute - 5),
    )
  );
  const family = (name: string, labels: string) => [
    `# TYPE ${name} gauge`,
    ...times.map((time) => `${name}{${labels}} 1 ${time}`),
  ];
  const cloud = 'cloud="measured"';
  const account = `${cloud},account="1"`;
  const cost = "skymap_hourly_cost_estimate_dollars:sum";
  return [
    ...family("skymap_instances", `job="skymap-metrics",${account}`),
    ...family(`cloud_account:${cost}`, account),
    ...family(`cloud:${cost}`, cloud),
    "# EOF\n",
  ].join("\n");
}

/** Tries to delete more than is allowed, and allows nothing again. */
async function hitBelt(client: CoreClient): Promise<void> {
  const set = (...values: readonly string[]) =>
    run(client, `configs set skymap.core ${values.join(" ")}`);
  const accounts = await Array.fromAsync(
    client.search("main", "list", "is(demo_account)"),
  );
  const ids = accounts.flatMap((each) =>
    each.type === "node" ? (each as NodeJson).reported["id"] : []
  );
  await set(
    `'core.cleanup.accounts=${JSON.stringify(ids)}'`,
    "core.cleanup.max_count=1",
  );
  const text = await run(client, "cleanup plan");
  const [, plan] = /^Plan (\S+) of/.exec(text) ?? [];
  await set("core.cleanup.enabled=true", "core.cleanup.dry_run=false");
  await rejects(run(client, `cleanup apply ${plan}`), /max_count is 1/);
  await set("core.cleanup.enabled=false");
}

prometheusTest(
  "Prometheus reads what Skymap says, and Alertmanager hears of a collect that does not come",
  async (t) => {
    await using system = await System.start({
      metrics: true,
      worker: [
        ...["--override", "demo.size=0.1", "--override", "demo.tick=1"],
        ...["--override", 'demo.fail=["*/eu-west/demo_snapshot"]'],
      ],
    });
    const client = await system.client();
    const { ports } = system;
    await using hook = new Receiver();
    const url = `http://127.0.0.1:${hook.port}`;
    await using alertmanager = await Alertmanager.start(
      await deployFile("alertmanager.yml", {
        "https://hooks.example.com": url,
        "group_wait: 30s": "group_wait: 0s",
        "group_interval: 5m": "group_interval: 500ms",
      }),
    );
    const token = await scrapeToken(system);
    const files = await prometheusFiles(
      { ports, alertmanager: alertmanager.address },
      token,
      {
        "timestamp_seconds > 1800\n        for: 5m":
          "timestamp_seconds > 0\n        for: 0s",
      },
    );
    await using prometheus = await Prometheus.start(files, history());

    const folder = await writeFolder({ "greedy.ts": GREEDY });
    await addPlugin(client, `${folder}/greedy.ts`);
    await Deno.remove(folder, { recursive: true });

    // Rates want a first value and a second one; collects come early, as a
    // minute has to go by after the last.
    await until("the first run ends", async () => {
      const [first] = unwrap(await client.runs());
      return first?.ended_at !== undefined;
    });
    await system.runWorkflow("metrics");
    await until("Prometheus has seen both", async () => {
      const runs = await prometheus.query(
        'skymap_core_run_duration_seconds_count{workflow="metrics"} and ' +
          "on () skymap_worker_accounts_total",
      );
      return runs.length > 0;
    });
    strictEqual((await system.runWorkflow("collect")).state, "done");
    await addMeasuredCloud(client);
    await run(
      client,
      "search is(demo_volume) and volume_status = available limit 2 | clean",
    );
    await run(client, "search is(bucket) limit 2 | protect");
    await system.runWorkflow("metrics");
    await hitBelt(client);
    await run(client, "plugins run greedy peek");
    const searched = await searchedSeries(client, DEFAULT_METRICS);

    await t.step("promtool finds no fault with any page", async () => {
      for (const role of ["core", "worker", "metrics"] as const) {
        const page = await pageOf(ports[role], token);
        match(page, /^# HELP skymap_/m);
        strictEqual(await lintPage(page), "", role);
      }
    });

    await t.step("the token opens core's page and nothing else", async () => {
      const headers = { authorization: `Bearer ${token}` };
      const list = await fetch(`${system.coreUri}/graph/main/search/list`, {
        method: "POST",
        body: "all",
        headers,
      });
      strictEqual(list.status, 403);
      await list.body?.cancel();
      const page = await fetch(`${system.coreUri}/metrics`);
      strictEqual(page.status, 401);
      await page.body?.cancel();
    });

    await t.step("Prometheus reads all three", async () => {
      const targets = await until("every target is up", async () => {
        const targets = await prometheus.targets();
        const up = targets.filter(({ health }) => health === "up");
        return up.length === 3 && up;
      }).catch(async (error) => {
        throw new Error(JSON.stringify(await prometheus.targets()), {
          cause: error,
        });
      });
      deepStrictEqual(
        targets.map(({ labels }) => labels["job"]).toSorted(),
        ["skymap-core", "skymap-metrics", "skymap-worker"],
      );
    });

    await t.step("it asks for OpenMetrics and gets it", async () => {
      // The other form has no units.
      const [about] = await prometheus.metadata("skymap_volume_bytes");
      deepStrictEqual([about?.type, about?.unit], ["gauge", "bytes"]);
    });

    await t.step("every query of every dashboard gives data", async () => {
      const missing = new Set<string>();
      const check = async (
        title: string,
        expression: string,
      ): Promise<void> => {
        const samples = await prometheus.query(chooseAll(expression, ALL));
        const key = `${title}: ${expression}`;
        if (samples.some(({ value }) => Number.isFinite(value))) {
          missing.delete(key);
        } else missing.add(key);
      };
      const dashboards = [...(await readDashboards()).values()];
      const queries = dashboards.flatMap(({ panels }) =>
        panels.flatMap(({ title, targets = [] }) =>
          targets.map(({ expr }) => [title, expr] as const)
        )
      );
      ok(queries.length > 80);
      await until("all of them do", async () => {
        for (const [title, expression] of queries) {
          await check(title, expression);
        }
        return missing.size === 0;
      }).catch((error) => {
        throw new Error([...missing].join("\n"), { cause: error });
      });
      for (const { templating: { list } } of dashboards) {
        for (const variable of list) {
          if (variable.type === "datasource") continue;
          const { selector, label } = labelValuesOf(variable);
          const values = await prometheus.labelValues(
            label,
            chooseAll(selector, ALL),
          );
          ok(values.length > 0, variable.name);
        }
      }
    });

    await t.step(
      "what was not allowed is all there are alerts of",
      async () => {
        const firing = await until("both alerts fire", async () => {
          const found = await prometheus.query('ALERTS{alertstate="firing"}');
          return found.length > 1 && found;
        });
        deepStrictEqual(
          firing.map(({ labels: { alertname, belt, plugin } }) => [
            alertname,
            belt ?? plugin,
          ]).toSorted(),
          [
            ["SkymapCleanupBeltHit", "max_count"],
            ["SkymapPluginDenied", "greedy"],
          ],
        );
      },
    );

    // From the next minute on a collect is overdue; until then there is more.
    await system.process("worker").stop();
    await run(client, 'workflows schedule collect_and_cleanup "* * * * *"');

    await t.step(
      "what it has of each metric is what searches give",
      async () => {
        const page = pageSeries(await pageOf(ports.metrics), DEFAULT_METRICS);
        deepStrictEqual(seriesDifferences(searched, page), []);
        for (const { name } of DEFAULT_METRICS) {
          ok(
            [...searched.keys()].some((key) =>
              key.startsWith(`skymap_${name}{`)
            ),
            `there is nothing of ${name}`,
          );
        }
        let differences: readonly string[] = [];
        await until("Prometheus has the same", async () => {
          const samples = await prometheus.query(
            '{job="skymap-metrics", __name__=~"skymap_.+", __name__!~"skymap_metrics?_.+"}',
          );
          const found = new Map(
            samples.map(({ labels, value }) => {
              const { __name__: name = "", job: _, instance, ...rest } = labels;
              // What was made up of the past has no instance.
              strictEqual(instance, `127.0.0.1:${ports.metrics}`);
              return [seriesKey(name, rest), value];
            }),
          );
          differences = seriesDifferences(searched, found);
          return differences.length === 0;
        }).catch((error) => {
          throw new Error(differences.join("\n"), { cause: error });
        });
      },
    );

    await t.step("what the alerts say to type can be typed", async () => {
      const text = await deployFile("rules/skymap.alerts.yml");
      const lines = [
        ...text.replaceAll(/\n {12}/g, " ").matchAll(
          /command:.*? skymap shell '(.+?)'$/gm,
        ),
      ].flatMap(([, line]) => line ?? []);
      ok(lines.length > 10);
      for (const line of new Set(lines)) {
        const plain = line.replaceAll("{{ $labels.plugin }}", "demo")
          .replaceAll("{{ $labels.workflow }}", "collect");
        await run(client, plain);
      }
      match(await run(client, "ledger failed"), /demo_snapshot/);
    });

    await t.step("and so can what the docs say", async () => {
      const text = await Deno.readTextFile(
        new URL("../../docs/monitoring.md", import.meta.url),
      );
      const lines = [...text.matchAll(/skymap shell '(.+?)'/g)]
        .flatMap(([, line]) => line ?? []);
      ok(lines.length > 10);
      for (const line of new Set(lines)) {
        unwrap(await client.evaluate(line.replaceAll("NAME", "demo")));
      }
    });

    /** What was told of the alert, by those who are woken. */
    const told = () =>
      hook.received.flatMap(({ path, bytes }) =>
        path === "/on-call"
          ? (JSON.parse(new TextDecoder().decode(bytes)) as Notification).alerts
          : []
      ).filter(({ labels }) => labels["alertname"] === "SkymapCollectOverdue");

    await t.step("Alertmanager hears that nothing is collected", async () => {
      const [alert] = await until(
        "the alert is told",
        () => Promise.resolve(told().length > 0 && told()),
        90_000,
      ).catch(async (error) => {
        throw new Error(
          `${JSON.stringify(await prometheus.query("ALERTS"))}\n` +
            prometheus.text + alertmanager.text,
          { cause: error },
        );
      });
      strictEqual(alert?.status, "firing");
      strictEqual(alert.labels["severity"], "critical");
      match(alert.annotations["summary"] ?? "", /^A collect is overdue by \d+/);
    });

    await t.step("and that it is collected again", async () => {
      system.startWorker();
      await system.untilSubscribed("skymap.worker");
      const { state } = await system.runWorkflow("collect");
      strictEqual(state, "done");
      await until(
        "its end is told",
        () =>
          Promise.resolve(told().some(({ status }) => status === "resolved")),
        90_000,
      );
    });
  },
);
