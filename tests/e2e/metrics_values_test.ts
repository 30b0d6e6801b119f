import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { ConfigClient, type CoreClient, unwrap } from "@skymap/lib/client";
import {
  type MetricInForce,
  metricsInForce,
  readMetricsSection,
} from "@skymap/lib/metrics";
import { addMeasuredCloud } from "../helpers/measured_cloud.ts";
import {
  pageSeries,
  searchedSeries,
  seriesDifferences,
} from "../helpers/metrics_page.ts";
import { System, until } from "../helpers/system.ts";

const OWN = {
  metrics: {
    metrics: {
      largest_volume_bytes: {
        help: "Size of the largest volume in bytes",
        search: "aggregate(kind, tags.owner: max(volume_size * 1073741824)): " +
          "is(volume)",
      },
      volumes: {
        search: "aggregate(/ancestors.account.reported.name as account, " +
          "volume_encrypted as encrypted: sum(1)): is(volume)",
      },
      tunnels: { enabled: false },
    },
  },
};

/** Metrics that are refused, and why. */
const REFUSED = [
  [
    { search: "aggregate(kind: sum(1)): is(demo_volum)" },
    /metrics\.metrics\.cats\.search cannot be answered: .*demo_volum.*did you mean "demo_volume"/s,
  ],
  [
    { search: "aggregate(kind: sum(volume_siz)): is(volume)" },
    /metrics\.metrics\.cats\.search cannot be answered: .*volume_siz/s,
  ],
  [
    { search: "aggregate(name: sum(1)): is(demo_volume)", series_limit: 10 },
    /metrics\.metrics\.cats\.search has \d+ series, at most 10 are allowed; values by label: name \d+;/,
  ],
] as const;

const DOCS = await Deno.readTextFile(
  new URL("../../docs/metrics.md", import.meta.url),
);

/** Blocks of the documentation in a language. */
function blocks(language: string): readonly string[] {
  const found = [
    ...DOCS.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms")),
  ];
  return found.map(([, text = ""]) => text);
}

/** Runs a line of the command line. */
async function execute(client: CoreClient, line: string): Promise<void> {
  const frames = await Array.fromAsync(client.execute(line));
  ok(!frames.some(({ type }) => type === "error"), JSON.stringify(frames));
}

/** Waits until the page has what the searches give; gives how much that is. */
async function compare(
  system: System,
  metrics: readonly MetricInForce[],
): Promise<ReadonlyMap<string, number>> {
  const client = await system.client();
  const url = `http://127.0.0.1:${system.ports.metrics}/metrics`;
  let differences: readonly string[] = [];
  return await until("the page has what the searches give", async () => {
    const page = await (await fetch(url)).text();
    const wanted = await searchedSeries(client, metrics);
    differences = seriesDifferences(wanted, pageSeries(page, metrics));
    return differences.length === 0 ? wanted : undefined;
  }, 20_000).catch((error) => {
    throw new Error(differences.slice(0, 20).join("\n"), { cause: error });
  });
}

/** How many series a metric has. */
function countOf(series: ReadonlyMap<string, number>, name: string): number {
  return [...series.keys()].filter((key) => key.startsWith(`skymap_${name}{`))
    .length;
}

Deno.test("every series of every metric is what its search gives over the API", async () => {
  await using system = await System.start({ metrics: true });
  await system.untilSubscribed("skymap.worker", "skymap.metrics");
  const client = await system.client();
  const configs = new ConfigClient(client);
  await until("the registry knows the plugins", async () => {
    const { properties } = unwrap(await configs.schema("skymap.worker"));
    return "demo" in (properties as object);
  });
  unwrap(
    await configs.put("skymap.worker", { demo: { size: 0.2, accounts: 2 } }),
  );
  await system.runWorkflow("collect");
  await addMeasuredCloud(client);
  await execute(client, "search is(demo_volume) limit 3 | clean");
  await execute(client, "search is(demo_bucket) limit 2 | protect");
  await system.runWorkflow("metrics");

  const metrics = metricsInForce(readMetricsSection({}));
  const series = await compare(system, metrics);
  deepStrictEqual(
    metrics.filter(({ name }) => countOf(series, name) === 0)
      .map(({ name }) => name),
    [],
    "metrics that nothing was compared of",
  );
  const own = { cloud: "measured", account: "1", region: "here" };
  const valueOf = (name: string, labels: Record<string, string>) =>
    [...series].filter(([key]) =>
      key.startsWith(`skymap_${name}{`) &&
      Object.entries({ ...own, ...labels }).every(([label, value]) =>
        key.includes(`${JSON.stringify(label)}:${JSON.stringify(value)}`)
      )
    ).map(([, value]) => value);
  deepStrictEqual(
    valueOf("instances_hourly_cost_estimate_dollars", {}),
    [0.25],
    "what has no price is left out",
  );
  deepStrictEqual(valueOf("instances_without_price", {}), [1]);
  deepStrictEqual(valueOf("cores", {}), [8]);
  const [cost] = valueOf("volumes_monthly_cost_estimate_dollars", {});
  ok(Math.abs((cost ?? 0) - 15 * 0.08) < 1e-9, `${cost}`);
  deepStrictEqual(valueOf("volumes_without_price", { type: "slow" }), [1]);
  strictEqual(
    series.get(
      'skymap_volumes{"account":"1","cloud":"measured","region":"here","status":"available"}',
    ),
    2,
    "an empty and a missing type are one series",
  );
  deepStrictEqual(valueOf("databases", { type: 'say "hi"\\\n' }), [1]);

  for (const [metric, message] of REFUSED) {
    const answer = await configs.put("skymap.metrics", {
      metrics: { metrics: { cats: { help: "Cats", ...metric } } },
    });
    match(answer.ok ? "" : answer.problem.detail ?? "", message);
  }
  const { notes } = unwrap(await configs.put("skymap.metrics", OWN));
  deepStrictEqual(notes, []);
  await system.runWorkflow("metrics");
  const changed = metricsInForce(readMetricsSection(OWN));
  const after = await compare(system, changed);
  ok(countOf(after, "largest_volume_bytes") > 0);
  const page = await (await fetch(
    `http://127.0.0.1:${system.ports.metrics}/metrics`,
  )).text();
  ok(!page.includes("skymap_tunnels"), "a dropped metric is gone");
  ok(page.includes("encrypted="), "a changed metric has its new labels");

  const examples = blocks("yaml");
  strictEqual(examples.length, 2);
  for (const example of examples) {
    const { notes } = unwrap(await configs.put("skymap.metrics", example));
    deepStrictEqual(notes, [], example);
    const { config } = unwrap(await configs.get("skymap.metrics"));
    await system.runWorkflow("metrics");
    const named = Object.entries(readMetricsSection(config).metrics)
      .filter(([, { enabled }]) => enabled).map(([name]) => name);
    const shown = await compare(
      system,
      metricsInForce(readMetricsSection(config)),
    );
    for (const name of named) ok(countOf(shown, name) > 0, name);
  }
  const lines = blocks("sh").flatMap((block) =>
    [...block.matchAll(/^skymap shell '(.*)'$/gm)].map(([, line = ""]) => line)
  );
  ok(lines.length > 3);
  for (const line of lines) await execute(client, line);
});

Deno.test("a metric may be configured before anything was collected", async () => {
  await using system = await System.start({
    core: ["--no-scheduling"],
    worker: null,
  });
  const configs = new ConfigClient(await system.client());
  const { notes } = unwrap(
    await configs.put("skymap.metrics", {
      metrics: {
        metrics: {
          cats: { help: "Cats", search: "aggregate(sum(1)): is(aws_cat)" },
        },
      },
    }),
  );
  strictEqual(notes.length, 1);
  match(
    notes[0] ?? "",
    /^metric "cats" was not tried, as nothing was collected yet: .*aws_cat/s,
  );
});
