/**
 * The command `snapshots`.
 *
 * @module
 */

import type { Command, Form, Parameter } from "../command.ts";
import { recordFlow } from "../record_flow.ts";
import { toldText } from "../told_text.ts";

const LABEL: Parameter = {
  name: "label",
  type: "snapshot",
  isRequired: true,
  help: "Name of the state",
};

const LIST: Form = {
  verb: "list",
  brief: "Lists the states that have a name, the oldest first",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services, graph }) =>
      recordFlow(() => services.graph(graph).snapshots.list()),
  }),
};

const CREATE: Form = {
  verb: "create",
  brief: "Names a state",
  parameters: [{ ...LABEL, type: "text" }, {
    name: "at",
    type: "time",
    help: "The state: a time, a duration ago or another name",
    default: "now",
  }],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, { services, graph, signal }) =>
      recordFlow(async () => {
        const { snapshots } = services.graph(graph);
        return [
          await snapshots.create(args.must("label"), args.get("at"), signal),
        ];
      }),
  }),
};

const DELETE: Form = {
  verb: "delete",
  brief: "Forgets a name; the state stays for as long as history is kept",
  parameters: [LABEL],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: (_input, { services, graph }) =>
      toldText(async () => {
        const label = args.must("label");
        await services.graph(graph).snapshots.remove(label);
        return `The name ${label} is forgotten; what only it held is pruned ` +
          "the next time";
      }),
  }),
};

/** Names of states. */
export const SNAPSHOTS: Command = {
  name: "snapshots",
  aliases: ["snapshot"],
  group: "setup",
  brief: "Names states of the graph, for --at",
  description:
    `A snapshot is a name for a state of the graph. \`search --at\` asks it, and it is
kept however old it gets. It costs no room by itself.`,
  position: "source",
  forms: [LIST, CREATE, DELETE],
  examples: [
    { line: "snapshots list", says: "Lists the states that have a name" },
    { line: "snapshots create release-1", says: "Names the state of now" },
    {
      line: "search --at release-1 is(instance) | count",
      says: "Asks the state that has the name",
    },
    { line: "snapshots delete release-1", says: "Forgets the name" },
  ],
};
