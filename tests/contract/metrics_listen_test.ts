import { deepStrictEqual } from "node:assert/strict";
import type { GraphChangeJson } from "@skymap/lib/client";
import { RecordId } from "@skymap/lib/db";
import { openTestDatabase } from "../../core/db/test_database.ts";
import { listenToChanges } from "../../metrics/listen.ts";
import { until } from "../helpers/system.ts";

const world = await openTestDatabase();
const core = world.db.system;

async function tell(graph: string, last: number): Promise<void> {
  const change: GraphChangeJson = {
    graph,
    after: last - 1,
    last,
    at: "",
    kinds: ["volume"],
  };
  await core.query("UPSERT $id CONTENT $change", {
    id: new RecordId("graph_change", graph),
    change,
  });
}

Deno.test("listenToChanges() knows the last words, hears those that come, and asks for them again", async () => {
  await world.addWorker("exporter");
  await using session = await world.connect("exporter", "metrics");
  const heard: string[] = [];
  const note = (what: string) => ({ graph, last }: GraphChangeJson) =>
    void heard.push(`${what} ${graph} ${last}`);
  await tell("main", 7);
  const again = await listenToChanges(session, {
    know: note("know"),
    hear: note("hear"),
    forget: (graph) => void heard.push(`forget ${graph}`),
    reconsider: () => void heard.push("reconsider"),
  });
  deepStrictEqual(heard.splice(0), ["know main 7"]);

  await tell("main", 8);
  await tell("o ther", 1);
  await core.query("DELETE $id", {
    id: new RecordId("graph_change", "o ther"),
  });
  await until("all was heard", () => Promise.resolve(heard.length === 3));
  deepStrictEqual(heard.splice(0), [
    "hear main 8",
    "hear o ther 1",
    "forget o ther",
  ]);

  await again();
  deepStrictEqual(heard, ["hear main 8", "reconsider"]);
});
