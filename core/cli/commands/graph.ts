/**
 * The command `graph`.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { GraphSize } from "../../graph/mod.ts";
import type { Command, Form, Parameter } from "../command.ts";
import type { LineContext } from "../line_context.ts";
import { readFileName } from "../read_file_name.ts";
import { recordFlow } from "../record_flow.ts";
import { sentFile } from "../sent_file.ts";
import { toldText } from "../told_text.ts";

const FORCE: Parameter = {
  name: "--force",
  help: "Takes the place of a graph that is there; what it holds is lost",
};

const FILE: Parameter = {
  name: "file",
  type: "file",
  isRequired: true,
  help: "Name of the file",
};

/** A graph that stands in front of something else. */
const OF_GRAPH: Parameter = {
  name: "graph",
  type: "graph",
  help: "Name of the graph",
  default: "the graph of the line",
};

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** How much a graph holds, in words. */
function sizeText({ nodes, edges, sequence, snapshots }: GraphSize): string {
  return `${counted(nodes, "node")}, ${counted(edges, "edge")}, ` +
    `${counted(sequence, "change")} of its history and ` +
    counted(snapshots, "snapshot");
}

/** Says what will be lost, before it is. */
async function warn(
  { services, note }: LineContext,
  name: string,
): Promise<void> {
  if (!services.graphs().includes(name)) return;
  const size = await services.graph(name).size();
  note({
    type: "message",
    level: "warning",
    text: `Graph "${name}" is replaced: ${sizeText(size)}`,
  });
}

async function madeText(
  { services }: LineContext,
  name: string,
): Promise<string> {
  return `Graph "${name}" has ${
    sizeText(await services.graph(name).size())
  } now`;
}

const LIST: Form = {
  verb: "list",
  brief: "Lists the graphs and what they hold",
  parameters: [],
  prepare: () => ({
    output: "elements",
    run: (_input, { services }) =>
      recordFlow(() =>
        Promise.all(
          services.graphs().map(async (name) => {
            const { indexBytes, commit: _, ...size } = await services
              .graph(name).size();
            return { name, ...size, index_bytes: indexBytes };
          }),
        )
      ),
  }),
};

const CREATE: Form = {
  verb: "create",
  brief: "Makes an empty graph",
  parameters: [{
    name: "name",
    type: "text",
    isRequired: true,
    help: "Name of the graph",
  }],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: (_input, context) =>
      toldText(async () => {
        const name = args.must("name");
        await context.services.graphSet.create(name);
        return await madeText(context, name);
      }),
  }),
};

const COPY: Form = {
  verb: "copy",
  brief: "Copies a graph as it is now, with its history and snapshots",
  parameters: [FORCE, {
    ...OF_GRAPH,
    name: "from",
    help: "The graph that is copied",
  }, {
    name: "to",
    type: "text",
    isRequired: true,
    help: "Name of the copy",
  }],
  prepare: (args) => {
    const to = args.must("to");
    const force = args.has("--force");
    return {
      output: "text",
      isChange: true,
      run: (_input, context) =>
        toldText(async () => {
          const { services, signal, graph } = context;
          const from = args.get("from") ?? graph;
          if (force && from !== to) await warn(context, to);
          await services.graphSet.copy(from, to, { force, signal });
          return await madeText(context, to);
        }),
    };
  },
};

const SNAPSHOT: Form = {
  verb: "snapshot",
  brief: "Gives the state of a graph a name; see snapshots",
  parameters: [OF_GRAPH, {
    name: "label",
    type: "text",
    isRequired: true,
    help: "The name, for --at",
  }],
  prepare: (args) => ({
    output: "elements",
    isChange: true,
    run: (_input, { services, signal, graph }) =>
      recordFlow(async () => {
        const { snapshots } = services.graph(args.get("graph") ?? graph);
        return [
          await snapshots.create(args.must("label"), undefined, signal),
        ];
      }),
  }),
};

const DELETE: Form = {
  verb: "delete",
  brief: "Deletes a graph with its history and snapshots",
  parameters: [{
    name: "--force",
    help: "It is meant; without it the line says what would be lost",
  }, {
    name: "graph",
    type: "graph",
    isRequired: true,
    help: "Name of the graph; main cannot be deleted",
  }],
  prepare: (args) => ({
    output: "text",
    isChange: true,
    run: (_input, { services }) =>
      toldText(async () => {
        const name = args.must("graph");
        const lost = sizeText(await services.graph(name).size());
        if (!args.has("--force")) {
          throw new SkymapError(
            "usage",
            `Cannot delete graph "${name}": ${lost} would be lost, wanted ` +
              `"graph delete --force ${name}"`,
          );
        }
        await services.graphSet.remove(name);
        return `Graph "${name}" was deleted: ${lost}`;
      }),
  }),
};

const EXPORT: Form = {
  verb: "export",
  brief: "Makes a file of a graph, with its history and snapshots",
  parameters: [OF_GRAPH, FILE],
  prepare: (args) => {
    const name = readFileName(args, "file");
    return {
      output: "file",
      run: (_input, { services, graph, signal }) => {
        const exported = services.graph(args.get("graph") ?? graph);
        return {
          type: "file",
          name,
          mediaType: "application/x-ndjson",
          chunks: ReadableStream.from(exported.export(signal))
            .pipeThrough(new TextEncoderStream()),
        };
      },
    };
  },
};

const IMPORT: Form = {
  verb: "import",
  brief: "Makes a graph of such a file, whole or not at all",
  parameters: [FORCE, {
    ...OF_GRAPH,
    help: "Name of the graph that is made",
  }, FILE],
  prepare: (args) => {
    const file = args.must("file");
    const force = args.has("--force");
    return {
      output: "text",
      isChange: true,
      files: [file],
      run: (_input, context) =>
        toldText(async () => {
          const { services, signal, graph } = context;
          const name = args.get("graph") ?? graph;
          if (force) await warn(context, name);
          await services.graphSet.import(name, sentFile(context, file), {
            force,
            signal,
          });
          return await madeText(context, name);
        }),
    };
  },
};

/** Graphs as wholes. */
export const GRAPH: Command = {
  name: "graph",
  aliases: ["graphs"],
  group: "setup",
  brief: "Lists, copies, exports, imports and deletes graphs",
  description:
    `A graph is one inventory with its history. Collects go to \`main\`; other graphs
are copies, imports or what somebody merges into them. \`graph=test search all\` asks
another one.

A copy, an import or a graph that is replaced is whole or not there, whatever
happens meanwhile: until it is whole the one of its name is there as it was. What
is exported is of one moment, while collects go on.

What would delete a graph wants \`--force\` and says what is lost.`,
  position: "source",
  forms: [LIST, CREATE, COPY, SNAPSHOT, EXPORT, IMPORT, DELETE],
  examples: [
    { line: "graph list", says: "Lists the graphs and what they hold" },
    { line: "graph create lab", says: "Makes an empty graph" },
    { line: "graph copy main test", says: "Makes a copy to play with" },
    {
      line: "graph snapshot before-upgrade",
      says: "Names the state of now, for --at",
    },
    {
      line: "graph export main.ndjson",
      says: "Makes a file of the graph",
    },
    {
      line: "graph import --force test main.ndjson",
      says: "Makes the copy what the file holds",
      needs: "file main.ndjson",
    },
    { line: "graph delete --force test", says: "Deletes the copy" },
  ],
};
