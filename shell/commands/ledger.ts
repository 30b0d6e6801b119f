/**
 * `ledger`: what was listed.
 *
 * @module
 */

import { type LedgerEntryJson, unwrap } from "@skymap/lib/client";
import { type Command, type LineContext, usageError } from "./command.ts";

const STATUSES = ["", "complete", "failed", "unmentioned", "gone"];

/** `scope=aws/123/eu-central-1/aws_ec2_volume, status=failed, …` */
function renderLedger(entry: LedgerEntryJson): string {
  const { cloud, account, region, kind, status, count, error } = entry;
  const place = [cloud, account, region, kind].filter(Boolean).join("/");
  return `scope=${place}, status=${status}, count=${count}, ` +
    `last_success=${entry.last_success ?? "never"}` +
    (error === undefined ? "" : `, error=${error.code}: ${error.message}`);
}

async function ledger(rest: string, context: LineContext): Promise<void> {
  const { client, graph, print } = context;
  if (!STATUSES.includes(rest)) throw usageError(`ledger ${rest}`, LEDGER);
  for (const entry of unwrap(await client.ledger(graph))) {
    if (rest === "" || entry.status === rest) print(renderLedger(entry));
  }
}

/** Shows what was listed, when, and what could not be. */
export const LEDGER: Command = {
  usage: "ledger [complete | failed | unmentioned | gone]",
  help: "Shows what was listed, when, and what could not be",
  run: ledger,
};
