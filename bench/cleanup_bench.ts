/**
 * A cleanup plan over 100,000 marked nodes: how long each part takes, and how the
 * whole compares with a query that reads the same nodes and nothing else.
 *
 * Words: how many nodes are marked.
 */
import { KindRegistry } from "../core/model/kind_registry.ts";
import { Belts } from "../core/cleanup/belts.ts";
import { computePlan } from "../core/cleanup/compute_plan.ts";
import { planHash } from "../core/cleanup/plan_hash.ts";
import { itemJson } from "../core/cleanup/plan_json.ts";
import { ScopeObstacles } from "../core/cleanup/scope_obstacle.ts";
import { CLEANUP_SECTION } from "../core/config/cleanup_section.ts";
import { applyBatches } from "../core/index/apply.ts";
import type { IndexSection } from "../core/index/index_batch.ts";
import { readMarkedNodes } from "../core/index/marked_nodes.ts";
import { SearchIndex } from "../core/index/search_index.ts";
import { median, report } from "./report.ts";
import { hashText } from "@skymap/lib/ids";
import { canonicalJson } from "@skymap/lib/json";

const RUNS = 5;
const AT = "2026-01-01T00:00:00.000Z";
const [words = "100000"] = Deno.args;
const nodes = Number(words);

const kinds = new KindRegistry();
kinds.update({
  name: "toy",
  version: "1.0.0",
  cloud: "toy",
  containers: { account: "toy_account", region: "toy_region" },
  kinds: [
    { name: "toy_account", bases: ["account"] },
    { name: "toy_region", bases: ["region"] },
    { name: "toy_type", bases: ["instance_type"] },
    {
      name: "toy_net",
      bases: ["network"],
      operations: ["delete"],
      deletedAfter: ["toy_box"],
    },
    { name: "toy_box", bases: ["instance"], operations: ["delete"] },
  ],
});

/** Nets of ten boxes each, in accounts of 5,000; all of them are marked. */
function section(account: number, count: number): IndexSection[] {
  const scope = { cloud: "toy", account: `a${account}`, region: "r1" };
  const idOf = (kind: string, at: number) =>
    hashText(`${kind} ${account} ${at}`);
  const node = (kind: string, at: number) => {
    const reported = canonicalJson({
      kind,
      id: `${kind}-${account}-${at}`,
      name: `${kind} ${at}`,
      ctime: AT,
      tags: { owner: `owner ${at % 50}`, team: "red" },
      details: Array.from({ length: 20 }, (_, n) => ({ n, at, text: "value" })),
    });
    return {
      id: idOf(kind, at),
      hash: hashText(reported),
      zone: null,
      reported,
      text: "",
      mode: "new" as const,
      desired: '{"clean":true}',
    };
  };
  const boxes = Math.round(count * 10 / 11);
  const nets = count - boxes;
  const numbers = (length: number) => Array.from({ length }, (_, at) => at);
  const common = {
    accountName: scope.account,
    regionName: "r1",
    run: null,
    goneNodes: [],
    goneEdges: [],
  };
  return [
    {
      ...common,
      scope: { ...scope, sid: account * 2 + 1, kind: "toy_box" },
      kinds: kinds.kindsOf("toy_box"),
      nodes: numbers(boxes).map((at) => node("toy_box", at)),
      edges: numbers(boxes).map((at) => ({
        from: idOf("toy_net", at % Math.max(1, nets)),
        to: idOf("toy_box", at),
        type: "delete",
        reported: null,
        mode: "new",
      })),
    },
    {
      ...common,
      scope: { ...scope, sid: account * 2 + 2, kind: "toy_net" },
      kinds: kinds.kindsOf("toy_net"),
      nodes: numbers(nets).map((at) => node("toy_net", at)),
      edges: [],
    },
  ];
}

const directory = await Deno.makeTempDir({ prefix: "skymap-bench-" });
const ACCOUNT = 5_000;
using index = await SearchIndex.build({
  directory: `${directory}/index`,
  graph: "main",
  record: "bench",
}, async (file) => {
  const connection = await file.connect();
  for (let at = 0; at * ACCOUNT < nodes; at++) {
    const sections = section(at, Math.min(ACCOUNT, nodes - at * ACCOUNT));
    await applyBatches(connection, [{
      sequence: at + 1,
      commit: at + 1,
      at: AT,
      sections,
      scopes: sections.map(({ scope, nodes }) => ({
        ...scope,
        status: "complete",
        reason: null,
        lastAttempt: AT,
        lastSuccess: AT,
        count: nodes.length,
        edges: "",
      })),
    }]);
  }
  connection.closeSync();
});

const times: Record<string, number[]> = {};
async function time<T>(name: string, work: () => Promise<T> | T): Promise<T> {
  const begin = performance.now();
  const result = await work();
  (times[name] ??= []).push(performance.now() - begin);
  return result;
}

const accounts = Array.from(
  { length: Math.ceil(nodes / ACCOUNT) },
  (_, at) => `a${at}`,
);
const config = { ...CLEANUP_SECTION.parse({}), accounts };
const belts = new Belts(config, kinds);
for (let run = 0; run < RUNS; run++) {
  await time("raw query of the same nodes", async () => {
    const connection = await index.connect();
    const reader = await connection.runAndReadAll(
      `select id, kind, rid, name, cloud, account, account_name, region, hash,
      ctime from node
      where valid_to is null and desired like '%"clean":true%' order by id`,
    );
    reader.getColumnsJS();
    connection.closeSync();
  });
  await time("plan, all of it", async () => {
    const read = await time(
      "read marks, edges and scopes",
      () =>
        readMarkedNodes(index, {
          tagNames: belts.tagNames,
          pricedKinds: kinds.owners([["ondemand_cost"]]),
        }),
    );
    const scopes = new ScopeObstacles(read.scopes, kinds, {
      ...config,
      nowMs: Date.parse(AT),
    });
    const plan = await time("compute", () =>
      computePlan({
        ...read,
        others: read.others.map((each) => ({ ...each, why: "stays" })),
        obstacle: (node) => belts.obstacle(node) ?? scopes.of(node),
        canDetach: () => false,
      }));
    await time("hash", () => planHash("main", plan.items));
    await time("rows to store", () => plan.items.map(itemJson));
    if (plan.items.length !== nodes) {
      throw new Error(`${plan.items.length} of ${nodes} are planned`);
    }
  });
}
await Deno.remove(directory, { recursive: true });

const RAW = "raw query of the same nodes";
const raw = median(times[RAW] ?? []);
for (const [what, all] of Object.entries(times)) {
  if (what === RAW) continue;
  const value = median(all);
  report({
    bench: "cleanup",
    what: `${what}, ${nodes} marked nodes`,
    value,
    unit: "ms",
    against: RAW,
    other: raw,
    ratio: value / raw,
    ...(what === "plan, all of it" && { aim: "below 1,000 ms" }),
  });
}
