/**
 * The command `list`.
 *
 * @module
 */

import type { Arguments } from "../arguments.ts";
import type { Command, Stage } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import type { ElementFlow, Flow } from "../flow.ts";
import type { LineContext } from "../line_context.ts";
import { columnKind } from "../list/column_kind.ts";
import { AskedColumns } from "../list/asked_columns.ts";
import { type Column, nodeColumns, propertyColumn } from "../list/columns.ts";
import { listLines, type ListOptions } from "../list/list_lines.ts";
import {
  csvTable,
  jsonTable,
  markdownTable,
  type Table,
  tableOf,
} from "../list/list_table.ts";
import { type AskedColumn, readColumns } from "../list/read_columns.ts";

const TABLES = ["--csv", "--markdown", "--json-table"] as const;
type TableName = typeof TABLES[number];

const MEDIA_TYPES: Readonly<Record<TableName, string>> = {
  "--csv": "text/csv",
  "--markdown": "text/markdown",
  "--json-table": "application/x-ndjson",
};

/** What a list was asked for. */
interface Asked {
  readonly table: TableName | undefined;
  readonly columns: readonly AskedColumn[];
  readonly withDefaults: boolean;
}

function askedColumns(
  { columns }: Asked,
  { section, clock }: LineContext,
): AskedColumns {
  const base = { section, nowMs: clock.now() };
  return new AskedColumns(
    columns.map(({ name, path }) => propertyColumn(name, path, base)),
  );
}

function optionsOf(
  { shape, properties = [] }: ElementFlow,
  own: readonly Column[],
  { withDefaults }: Asked,
  { section, clock }: LineContext,
): ListOptions {
  const base = { section, nowMs: clock.now() };
  const names = own.map(({ name }) => name);
  const defaults = withDefaults
    ? nodeColumns(properties, base).filter(({ name }) => !names.includes(name))
    : [];
  return {
    ...base,
    properties,
    columns: own.length === 0 ? undefined : [...defaults, ...own],
    hasEdges: shape === "graph",
  };
}

function rendered(
  name: TableName,
  table: Table,
  { terminal, section, services, graph }: LineContext,
): AsyncGenerator<string> {
  switch (name) {
    case "--csv":
      return csvTable(table);
    case "--markdown":
      return markdownTable(table, terminal.columns);
    case "--json-table": {
      const kinds = services.graph(graph).kinds();
      return jsonTable(
        table,
        ({ path }) => columnKind(path, section, kinds),
      );
    }
  }
}

async function* tableText(
  name: TableName,
  flow: ElementFlow,
  options: ListOptions,
  context: LineContext,
): AsyncGenerator<string> {
  const isOfNodes = flow.shape === "nodes" || flow.shape === "graph";
  const table = await tableOf(flow.batches, options, isOfNodes);
  yield* rendered(name, table, context);
  if (table.hidden.size === 0) return;
  const names = [...table.hidden].slice(0, 5).join(", ");
  context.note({
    type: "message",
    level: "warning",
    text:
      `The table lacks columns for what its first rows do not have: ${names}` +
      (table.hidden.size > 5 ? `, and ${table.hidden.size - 5} more` : "") +
      "; name the columns to see them",
  });
}

function run(
  input: Flow | undefined,
  asked: Asked,
  context: LineContext,
): Flow {
  const own = askedColumns(asked, context);
  const elements = elementsOf(input);
  const flow = { ...elements, batches: own.count(elements.batches) };
  const options = optionsOf(flow, own.columns, asked, context);
  const { table } = asked;
  if (table === undefined) {
    const chunks = listLines(flow.batches, options);
    return { type: "text", chunks: withNotes(chunks, own, context) };
  }
  const chunks = tableText(table, flow, options, context);
  return {
    type: "text",
    mediaType: MEDIA_TYPES[table],
    chunks: withNotes(chunks, own, context),
  };
}

/** The text again; behind it is told what no element had. */
async function* withNotes(
  text: AsyncIterable<string>,
  own: AskedColumns,
  { services, graph, note }: LineContext,
): AsyncGenerator<string> {
  yield* text;
  const kinds = () =>
    services.graphs().includes(graph) ? services.graph(graph).kinds() : [];
  for (const text of own.told(kinds)) {
    note({ type: "message", level: "info", text });
  }
}

function prepare(args: Arguments): Stage {
  const [table, other] = TABLES.filter((name) => args.has(name));
  if (other !== undefined) {
    throw args.fault(`"${table}" and "${other}" are given, wanted one`, other);
  }
  const columns = readColumns(args, "properties");
  const asked: Asked = {
    table,
    columns,
    withDefaults: args.has("--with-defaults"),
  };
  return {
    output: "text",
    isFormat: true,
    run: (input, context) => run(input, asked, context),
  };
}

/** Shows elements, one on each line. */
export const LIST: Command = {
  name: "list",
  aliases: ["lists"],
  group: "format",
  brief: "Shows elements, one on each line",
  description:
    `Nodes show what they are, the properties that the search is about, how old
they are and where they lie; changes show what happened when; rows show their
groups and functions; edges are \`a -> b\`, or \`a -delete-> b\` for another type.
A line without a format ends with \`list\`.

Properties that are named are shown instead: \`list name, tags.owner as owner\`.
They begin at the section as in searches, with a slash at the node. \`age\`,
\`last_update\`, \`last_access\` are times since then; \`cloud\`, \`account\`, \`region\`
and \`zone\` are names. What a node does not have is left out, is an empty cell of
\`--csv\` and \`null\` with \`--markdown\`.

\`--markdown\` is as wide as the terminal at most; \`…\` stands where a cell was cut.
\`--json-table\` gives lines of JSON: first the columns, then each row.`,
  position: "flow",
  forms: [{
    brief: "Shows elements, one on each line",
    parameters: [
      { name: "--csv", help: "As comma-separated values, with a head" },
      { name: "--markdown", help: "As a table of Markdown" },
      {
        name: "--json-table",
        help: "As lines of JSON, with the columns first",
      },
      {
        name: "--with-defaults",
        help: "Shows the columns of nodes before those that are named",
      },
      {
        name: "properties",
        type: "properties",
        isRest: true,
        help: "Properties to show, each with a name behind \`as\` if wanted",
        default: "what suits the elements",
      },
    ],
    prepare,
  }],
  examples: [
    {
      line: "search is(volume) limit 3 | list name, volume_size as size",
      says: "Names and sizes of volumes",
    },
    {
      line: "search is(instance) limit 3 | list --csv",
      says: "Instances as comma-separated values",
    },
    {
      line:
        "search is(instance) | aggregate kind: sum(1) as count | list --markdown",
      says: "How many there are of each kind, as a table",
    },
  ],
};
