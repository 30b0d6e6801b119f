/**
 * `workflows`: shows and starts them.
 *
 * @module
 */

import { unwrap } from "@skymap/lib/client";
import { type Command, type LineContext, usageError } from "./command.ts";

async function workflows(rest: string, context: LineContext): Promise<void> {
  const { client, print } = context;
  const [verb = "list", name = "", ...more] = rest.split(/\s+/).filter(Boolean);
  const isNamed = verb === "run" || verb === "log";
  if (more.length > 0 || isNamed !== (name !== "")) {
    throw usageError(`workflows ${rest}`, WORKFLOWS);
  }
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
  if (verb !== "list") throw usageError(`workflows ${rest}`, WORKFLOWS);
  for (const each of unwrap(await client.workflows())) {
    print(
      `name=${each.name}, schedule=${each.schedule ?? "none"}, ` +
        `next=${each.next_run ?? "never"}`,
    );
  }
}

/** Shows and starts workflows. */
export const WORKFLOWS: Command = {
  usage: "workflows [list | run NAME | history | log RUN]",
  help: "Shows and starts workflows",
  run: workflows,
};
