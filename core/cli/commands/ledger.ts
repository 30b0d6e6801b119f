/**
 * `ledger`: what was listed.
 *
 * @module
 */

import type { LedgerEntryJson } from "@skymap/lib/client";
import { Batch } from "../batch.ts";
import type { Command } from "../command.ts";

const STATUSES = ["complete", "failed", "unmentioned", "gone"] as const;

/** Entries that leave together. */
const BATCH = 1_000;

async function* batches(
  entries: AsyncIterable<LedgerEntryJson>,
  status: string | undefined,
): AsyncGenerator<Batch> {
  let texts: string[] = [];
  for await (const entry of entries) {
    if (status !== undefined && entry.status !== status) continue;
    texts.push(JSON.stringify(entry));
    if (texts.length < BATCH) continue;
    yield Batch.ofTexts(texts);
    texts = [];
  }
  yield Batch.ofTexts(texts);
}

/** Shows what was listed, when, and what could not be. */
export const LEDGER: Command = {
  name: "ledger",
  group: "search",
  brief: "Shows what was listed, when, and what could not be",
  description:
    `An entry is a scope: one kind in one region of an account. \`failed\` could not be
listed the last time, \`unmentioned\` was not named by its collector, \`gone\` has gone
with its account or region.`,
  position: "source",
  forms: [{
    brief: "Shows what was listed, when, and what could not be",
    parameters: [{
      name: "status",
      type: STATUSES,
      help: "Only scopes in this state",
    }],
    prepare: (args) => ({
      output: "elements",
      run: (_input, { services, graph }) => ({
        type: "elements",
        shape: "records",
        batches: batches(services.graph(graph).ledger(), args.get("status")),
      }),
    }),
  }],
  examples: [
    { line: "ledger failed", says: "Shows what could not be listed" },
    {
      line: "ledger | count status",
      says: "Counts scopes by their state",
    },
  ],
};
