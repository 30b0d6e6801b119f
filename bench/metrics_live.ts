/**
 * How long it takes until the exporter's page shows what was deleted.
 *
 * @module
 */

import { type CoreClient, unwrap } from "@skymap/lib/client";
import { delay } from "@skymap/lib/lifecycle";
import type { MergeMessage } from "@skymap/lib/plugin_host";
import { freePort, RoleProcess, until } from "../tests/helpers/system.ts";
import { residentMb } from "./core_process.ts";
import { cpuSeconds } from "./process_usage.ts";
import { percentile, report } from "./report.ts";

const bench = "metrics";
/** How often the page is looked at. */
const LOOK_MS = 10;
/** Roles that the account has when the deletions begin. */
const ACCOUNT = "live-account";
const KIND = "demo_role";

/** A merge after which the account has so many roles. */
function rolesLeft(count: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const scope = { type: "scope", scope: 1 } as const;
  const messages: readonly MergeMessage[] = [
    {
      ...scope,
      state: "open",
      cloud: "demo",
      account: ACCOUNT,
      region: "",
      kind: KIND,
    },
    ...Array.from({ length: count }, (_, at) => ({
      type: "node" as const,
      scope: 1,
      id: `role-${at}`,
      reported: { name: `role ${at}` },
    })),
    { ...scope, state: "complete" },
    { type: "end" },
  ];
  return new Blob(messages.map((each) => `${JSON.stringify(each)}\n`)).stream();
}

/** Deletes one node after the other and waits until the page shows each. */
export async function measureLive(
  client: CoreClient,
  dataDir: string,
  deletions: number,
): Promise<void> {
  const merge = async (count: number) =>
    unwrap(await client.merge("main", rolesLeft(count), {}));
  await merge(deletions + 1);
  const port = freePort();
  await using exporter = new RoleProcess("metrics", [
    "--core-uri",
    client.coreUri,
    "--data-dir",
    dataDir,
    "--web-port",
    String(port),
  ]);
  const shown = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
    const line = (await answer.text()).split("\n").find((each) =>
      each.startsWith("skymap_roles{") && each.includes(`"${ACCOUNT}"`)
    );
    return Number(line?.split(" ").at(-1));
  };
  await until(
    "the page shows the roles",
    async () => exporter.ended || await shown() === deletions + 1,
  );
  if (exporter.ended) throw new Error(`metrics ended:\n${exporter.text}`);
  // What the start of the exporter set off has to be over.
  await delay(2_000);
  const times: number[] = [];
  const cpuBefore = await cpuSeconds(exporter.pid);
  for (let left = deletions; left > 0; left--) {
    await merge(left);
    const startedAt = performance.now();
    while (await shown() !== left) {
      if (performance.now() - startedAt > 30_000) {
        throw new Error(`the page does not show ${left} roles`);
      }
      await delay(LOOK_MS);
    }
    times.push(performance.now() - startedAt);
  }
  const cpu = await cpuSeconds(exporter.pid) - cpuBefore;
  report({
    bench,
    what: `a deletion until the page shows it, p50 of ${deletions}`,
    value: percentile(times, 0.5),
    unit: "ms",
    aim: "< 2,000",
  }, {
    bench,
    what: "the same, p99",
    value: percentile(times, 0.99),
    unit: "ms",
    aim: "< 2,000",
  }, {
    bench,
    what: "the same, processor time of the exporter each, a page every 10 ms",
    value: cpu * 1_000 / deletions,
    unit: "ms",
  }, {
    bench,
    what: "peak memory of the exporter",
    value: await residentMb(exporter.pid, "peak"),
    unit: "MB",
  });
}
