/**
 * `snapshots`: names of states of a graph.
 *
 * @module
 */

import { type SnapshotJson, unwrap } from "@skymap/lib/client";
import {
  type Command,
  firstWord,
  type LineContext,
  usageError,
} from "./command.ts";

function render(snapshot: SnapshotJson, json: boolean): string {
  const { label, sequence, at, created_at } = snapshot;
  return json
    ? JSON.stringify(snapshot)
    : `label=${label}, at=${at}, sequence=${sequence}, created=${created_at}`;
}

async function snapshots(rest: string, context: LineContext): Promise<void> {
  const { client, graph, json, print } = context;
  const [verb, more] = firstWord(rest);
  const [label, at] = firstWord(more);
  if (verb === "" || verb === "list") {
    for (const each of unwrap(await client.snapshots(graph))) {
      print(render(each, json));
    }
  } else if (verb === "create" && label !== "") {
    const when = at === "" ? context.at : at;
    print(
      render(unwrap(await client.createSnapshot(graph, label, when)), json),
    );
  } else if (verb === "delete" && label !== "" && at === "") {
    unwrap(await client.removeSnapshot(graph, label));
  } else {
    throw usageError(`snapshots ${rest}`, SNAPSHOTS);
  }
}

/** Shows and makes names of states. */
export const SNAPSHOTS: Command = {
  usage: "snapshots [list | create LABEL [TIME] | delete LABEL]",
  help: "Shows and makes names of states of the graph, for --at",
  run: snapshots,
};
