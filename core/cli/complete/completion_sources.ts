/**
 * The names that words of a line can stand for.
 *
 * @module
 */

import type { CompletionJson } from "@skymap/lib/client";
import { EDGE_TYPES } from "@skymap/lib/plugin_host";
import { logger } from "@skymap/lib/log";
import { CHANGE_TYPES } from "../../graph/history.ts";
import type { Command, ParameterType } from "../command.ts";
import type { CoreServices, GraphService } from "../core_services.ts";
import { knownEvents } from "../known_events.ts";
import { words } from "./suggestions.ts";

/** Suggestions that are there at once, or looked up. */
type Found =
  | readonly CompletionJson[]
  | Promise<readonly CompletionJson[]>;

/** What is found, or nothing when it cannot be told or is late. */
export async function lookUp(
  look: () => Promise<readonly CompletionJson[]>,
  signal: AbortSignal,
): Promise<readonly CompletionJson[]> {
  const late = Promise.withResolvers<readonly CompletionJson[]>();
  const stop = () => late.resolve([]);
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await Promise.race([look(), late.promise]);
  } catch (error) {
    log.debug("Cannot look up names: {error}", { error });
    return [];
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** What names are looked up in. */
export interface SourceParts {
  /** The rest of core. */
  readonly services: CoreServices;
  /** Commands that there are. */
  readonly commands: readonly Command[];
  /** Graph that the line is about. */
  readonly graph: GraphService;
  /** Ends it: whoever types waits for it. */
  readonly signal: AbortSignal;
}

const log = logger("core");

/** Runs that are suggested, the newest first. */
const RUNS = 50;

const AGO = words("time", ["1h", "1d", "7d", "30d"]).map((each) => ({
  ...each,
  help: "ago",
}));

const SECTIONS = ["reported", "desired", "metadata", "/"];

/** Kinds of the graph that a search can ask for. */
function kindNames(graph: GraphService): readonly CompletionJson[] {
  return graph.kinds()
    .filter((kind) => kind.properties !== undefined || kind.bases !== undefined)
    .toSorted((one, two) => one.name < two.name ? -1 : 1)
    .map(({ name, description }) => ({
      type: "kind",
      text: name,
      ...(description !== undefined && { help: description }),
    }));
}

async function snapshots(
  graph: GraphService,
): Promise<readonly CompletionJson[]> {
  return (await graph.snapshots.list()).map(({ label, at }) => ({
    type: "snapshot",
    text: label,
    help: at,
  }));
}

async function runs(
  { workflows }: CoreServices,
): Promise<readonly CompletionJson[]> {
  return (await workflows.runs({ limit: RUNS })).map((
    { id, workflow, state },
  ) => ({
    type: "run",
    text: id,
    help: `${workflow}, ${state}`,
  }));
}

function look(
  type: ParameterType,
  { services, commands, graph }: SourceParts,
): Found {
  if (typeof type !== "string") return words("choice", type);
  switch (type) {
    case "kind":
      return kindNames(graph);
    case "graph":
      return words("graph", services.graphs());
    case "snapshot":
      return snapshots(graph);
    case "timeseries":
      return graph.timeSeries.list().then((found) =>
        found.map(({ name, labels }) => ({
          type: "time series",
          text: name,
          help: labels.join(", "),
        }))
      );
    case "time":
      return snapshots(graph).then((found) => [...found, ...AGO]);
    case "duration":
      return words("duration", ["30s", "5m", "1h", "1d"]);
    case "time_zone":
      return words("time zone", ["UTC", ...Intl.supportedValuesOf("timeZone")]);
    case "edge_type":
      return words("edge type", EDGE_TYPES);
    case "change":
      return words("change", CHANGE_TYPES);
    case "section":
      return words("section", SECTIONS);
    case "plugin":
      return words("plugin", services.plugins.list().map(({ name }) => name));
    case "event":
      return words("event", knownEvents(services));
    case "config":
      return words("config", services.configs.ids());
    case "job":
      return services.jobs.list().map(({ id, command }) => ({
        type: "job",
        text: id,
        help: command,
      }));
    case "workflow":
      return services.workflows.list().map(({ name, schedule }) => ({
        type: "workflow",
        text: name,
        ...(schedule !== undefined && { help: schedule }),
      }));
    case "run":
      return runs(services);
    case "template":
      return services.templates.list().map(({ name, template }) => ({
        type: "template",
        text: name,
        help: template,
      }));
    case "command":
      return commands.map(({ name, brief }) => ({
        type: "command",
        text: name,
        help: brief,
      }));
    default:
      return [];
  }
}

/** Every name that a value of a type may be; none for what has no names. */
export function namesOf(
  type: ParameterType,
  parts: SourceParts,
): Promise<readonly CompletionJson[]> {
  return lookUp(async () => await look(type, parts), parts.signal);
}
