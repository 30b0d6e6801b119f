/**
 * Runs one line: finds out what it asks core for, and prints the answer.
 *
 * @module
 */

import {
  type CoreClient,
  type LedgerEntryJson,
  unwrap,
} from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import {
  isCoverage,
  isNode,
  renderCoverage,
  renderNode,
  renderRow,
} from "./render.ts";

/** What a line runs with. */
export interface LineContext {
  /** The way to core. */
  readonly client: CoreClient;
  /** Graph to search. */
  readonly graph: string;
  /** Section of relative paths. */
  readonly section: string;
  /** Print records as JSON. */
  readonly json: boolean;
  /** Prints a line of the answer. */
  readonly print: (line: string) => void;
  /** Prints a line about the answer. */
  readonly note: (line: string) => void;
  /** Stops the line, in core too. */
  readonly signal: AbortSignal;
}

/** One command of the shell. */
interface Command {
  /** How it is written. */
  readonly usage: string;
  /** What it does. */
  readonly help: string;
  /** Does it; `rest` is the line without the command's name. */
  readonly run: (rest: string, context: LineContext) => Promise<void>;
}

async function search(rest: string, context: LineContext): Promise<void> {
  const { client, graph, section, signal, json, print, note } = context;
  if (rest === "") {
    throw new SkymapError(
      "usage",
      `Cannot search: nothing is asked for; try "search is(instance) limit 5"`,
    );
  }
  const kind = /^aggregate\b/.test(rest) ? "aggregate" : "list";
  const now = Date.now();
  let shown = 0;
  for await (
    const record of client.search(graph, kind, rest, { section, signal })
  ) {
    if (isCoverage(record)) {
      note(renderCoverage(shown, record, now));
      continue;
    }
    shown++;
    print(
      json
        ? JSON.stringify(record)
        : isNode(record)
        ? renderNode(record, now)
        : renderRow(record),
    );
  }
}

async function workflows(rest: string, context: LineContext): Promise<void> {
  const { client, print } = context;
  const [verb = "list", name = ""] = rest.split(/\s+/).filter(Boolean);
  if (verb === "run") {
    const run = unwrap(await client.runWorkflow(name));
    return print(`run=${run.id}, workflow=${run.workflow}, state=${run.state}`);
  }
  if (verb === "log") {
    for (const line of unwrap(await client.runLog(name))) {
      print(
        `${line.at} ${line.level} ${line.step} ${line.source}: ${line.message}`,
      );
    }
    return;
  }
  if (verb === "history") {
    for (const run of unwrap(await client.runs())) {
      print(
        `run=${run.id}, workflow=${run.workflow}, state=${run.state}, ` +
          `trigger=${run.trigger}, created=${run.created_at}`,
      );
    }
    return;
  }
  if (verb !== "list") {
    throw new SkymapError(
      "usage",
      `Cannot run "workflows ${verb}": expected list, run NAME, history or log RUN`,
    );
  }
  for (const each of unwrap(await client.workflows())) {
    print(
      `name=${each.name}, schedule=${each.schedule ?? "none"}, ` +
        `next=${each.next_run ?? "never"}`,
    );
  }
}

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
  for (const entry of unwrap(await client.ledger(graph))) {
    if (rest === "" || entry.status === rest) print(renderLedger(entry));
  }
}

/** Every command by its name. */
const COMMANDS: Readonly<Record<string, Command>> = {
  search: {
    usage: "search QUERY",
    help: "Lists what matches, or the rows of an aggregate(…)",
    run: search,
  },
  workflows: {
    usage: "workflows [list | run NAME | history | log RUN]",
    help: "Shows and starts workflows",
    run: workflows,
  },
  ledger: {
    usage: "ledger [complete | failed | unmentioned | gone]",
    help: "Shows what was listed, when, and what could not be",
    run: ledger,
  },
  help: {
    usage: "help",
    help: "Prints this",
    run: (_rest, { print }) => {
      for (const { usage, help } of Object.values(COMMANDS)) {
        print(`${usage.padEnd(48)} ${help}`);
      }
      return Promise.resolve();
    },
  },
};

/**
 * Runs one line.
 *
 * @throws {SkymapError} `usage`, if the command is unknown; else what core said.
 */
export async function runLine(
  line: string,
  context: LineContext,
): Promise<void> {
  const [, name = "", rest = ""] = /^\s*(\S*)\s*([\s\S]*?)\s*$/.exec(line) ??
    [];
  if (name === "") return;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) {
    throw new SkymapError(
      "usage",
      `Cannot run "${name}": no such command; expected one of ${
        Object.keys(COMMANDS).join(", ")
      }`,
    );
  }
  await command.run(rest, context);
}
