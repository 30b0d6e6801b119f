/**
 * `skymap core --verify`: compares record and index and says what differs.
 *
 * @module
 */

import { Graphs } from "./graphs.ts";
import { type CoreOptions, openConfiguredDatabase } from "./open_database.ts";

function print(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));
}

/** Verifies every graph; gives 0 when all agree, else 1. */
export async function verifyGraphs(options: CoreOptions): Promise<number> {
  await using database = await openConfiguredDatabase(options);
  await using graphs = await Graphs.open(
    database,
    options.dataDir,
    options.signal,
  );
  let differing = 0;
  for (const graph of graphs.all()) {
    const report = await graph.verify();
    const { nodes, edges, scopes, changes, sequence, count } = report;
    differing += count;
    print(
      `graph ${graph.name}: ${nodes} nodes, ${edges} edges, ${scopes} scopes, ` +
        `${changes} changes, sequence ${sequence}: ` +
        (count === 0 ? "no differences" : `${count} differences`),
    );
    for (const { subject, id, problem } of report.differences) {
      print(`  ${subject} ${id}: ${problem}`);
    }
  }
  return differing === 0 ? 0 : 1;
}
