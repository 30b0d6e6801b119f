/**
 * `kinds`: what there can be in the graph.
 *
 * @module
 */

import { SkymapError } from "@skymap/lib/errors";
import type { KindDeclaration } from "@skymap/lib/resource";
import { nearestNames } from "../../model/nearest_names.ts";
import { readPath } from "../../query/literals.ts";
import { suggestionText } from "../../query/syntax_error.ts";
import type { Arguments } from "../arguments.ts";
import type { Command, Stage } from "../command.ts";
import { inheritedProperties, propertyOwners } from "../kind_properties.ts";
import type { LineContext } from "../line_context.ts";
import { recordFlow } from "../record_flow.ts";

/** How many nodes there are of each kind. */
async function countKinds(
  { services, graph, signal }: LineContext,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const texts = services.graph(graph).search("aggregate", {
    text: "aggregate(/kinds[*] as kind: sum(1) as count): all",
    signal,
  });
  for await (const rows of texts) {
    for (const row of rows) {
      const { group, count } = JSON.parse(row);
      counts.set(group.kind, count);
    }
  }
  return counts;
}

/** A kind in a few words. */
function summary({ name, bases, categories, description }: KindDeclaration) {
  return {
    name,
    ...(bases !== undefined && { bases }),
    ...(categories !== undefined && { categories }),
    ...(description !== undefined && { description }),
  };
}

async function present(context: LineContext): Promise<readonly object[]> {
  const { services, graph, note } = context;
  const all = sorted(services.graph(graph).kinds());
  const counts = await countKinds(context);
  const shown = all.filter(({ name }) => counts.has(name));
  const hidden = all.length - shown.length;
  if (hidden > 0) {
    note({
      type: "message",
      level: "info",
      text: `${hidden} kinds have no nodes; "kinds --all" lists them too`,
    });
  }
  return shown.map((kind) => {
    const { name, ...rest } = summary(kind);
    return { name, nodes: counts.get(name), ...rest };
  });
}

function sorted(
  kinds: readonly KindDeclaration[],
): readonly KindDeclaration[] {
  return kinds.toSorted((one, two) => one.name < two.name ? -1 : 1);
}

function described(
  name: string,
  kinds: readonly KindDeclaration[],
): readonly object[] {
  const kind = kinds.find((each) => each.name === name);
  if (kind === undefined) {
    const nearest = nearestNames(name, kinds.map((each) => each.name));
    throw new SkymapError(
      "kind_unknown",
      `Cannot show kind "${name}": there is none; "kinds --all" lists them all${
        suggestionText(nearest)
      }`,
      { details: { suggestions: nearest } },
    );
  }
  return [
    {
      ...summary(kind),
      ...(kind.enum !== undefined && { values: kind.enum }),
      ...(kind.operations !== undefined && { operations: kind.operations }),
      ...(kind.deletedAfter !== undefined && {
        deleted_after: kind.deletedAfter,
      }),
    },
    ...inheritedProperties(kind, kinds),
  ];
}

function prepare(args: Arguments): Stage {
  const name = args.get("name");
  const text = args.get("--property");
  const path = text === undefined ? undefined : readPath(text);
  if (text !== undefined && path === undefined) {
    throw args.fault(
      `"${text}" is no property, wanted such as "tags.owner"`,
      "--property",
    );
  }
  return {
    output: "elements",
    run: (_input, context) =>
      recordFlow(() => {
        const kinds = context.services.graph(context.graph).kinds();
        if (path !== undefined) {
          const found = propertyOwners(path, sorted(kinds)).filter((owner) =>
            name === undefined || owner.name === name
          );
          if (found.length > 0) return found;
          throw new SkymapError(
            "query_invalid",
            `Cannot show property "${text}": ${
              name === undefined ? "no kind declares it" : `"${name}" has none`
            }, wanted one of "kinds NAME"`,
          );
        }
        if (name !== undefined) return described(name, kinds);
        return args.has("--all")
          ? sorted(kinds).map(summary)
          : present(context);
      }),
  };
}

/** Shows the kinds, or one with its properties. */
export const KINDS: Command = {
  name: "kinds",
  aliases: ["kind"],
  group: "search",
  brief: "Shows the kinds, or one with its properties",
  description:
    `Without a name it lists the kinds that have nodes, and how many. With a name it
shows the properties of that kind, those of its bases too.`,
  position: "source",
  forms: [{
    brief: "Shows the kinds, or one with its properties",
    parameters: [
      {
        name: "--all",
        short: "-a",
        help: "Lists kinds without nodes too",
      },
      {
        name: "--property",
        short: "-p",
        type: "property",
        help: "Shows what a property is, and which kinds declare it",
      },
      { name: "name", type: "kind", help: "The kind" },
    ],
    prepare,
  }],
  examples: [
    { line: "kinds", says: "Lists the kinds that have nodes" },
    { line: "kinds volume", says: "Shows the properties of volumes" },
    {
      line: "kinds -p volume_size",
      says: "Tells what volume_size is and who has it",
    },
  ],
};
