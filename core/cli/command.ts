/**
 * What a command is: data for help, completion and the reading of its
 * arguments, and one function that makes a stage of a pipeline.
 *
 * @module
 */

import type { Arguments } from "./arguments.ts";
import type { Flow } from "./flow.ts";
import type { LineContext } from "./line_context.ts";
import type { SearchStep } from "./search_step.ts";

/** What a value of a parameter is, so that it can be checked and completed. */
export type ParameterType =
  | "text"
  | "number"
  | "duration"
  | "time"
  | "cron"
  | "time_zone"
  | "search"
  | "aggregation"
  | "property"
  | "properties"
  | "order"
  | "section"
  | "kind"
  | "edge_type"
  | "change"
  | "event"
  | "graph"
  | "snapshot"
  | "timeseries"
  | "template"
  | "config"
  | "plugin"
  | "job"
  | "workflow"
  | "run"
  | "command"
  | "line"
  | "file"
  | "json"
  | "assignment"
  | "url"
  /** One of these words. */
  | readonly string[];

/** An option or an argument of a command. */
export interface Parameter {
  /**
   * `--name` of an option, or the name of an argument. Arguments are read in
   * their order; of one that may be left out and one behind it that must be given,
   * a single word is the second.
   */
  readonly name: string;
  /** Another way to write the option: one dash and a letter. */
  readonly short?: string;
  /** What it takes. Default: nothing, it is a flag. Arguments always take one. */
  readonly type?: ParameterType;
  /** Whether it must be given. Default: no. */
  readonly isRequired?: boolean;
  /** Whether it may be given several times. Default: no. */
  readonly isRepeated?: boolean;
  /**
   * For the last argument: it is all the text that is left, quotes included.
   * Default: no, it is one word and its quotes are taken off.
   */
  readonly isRest?: boolean;
  /** What it is for: a sentence without its end. */
  readonly help: string;
  /** What counts when it is left out, for people. */
  readonly default?: string;
}

/** One way to call a command, such as `jobs add …`. */
export interface Form {
  /** Its second word. Default: none, the arguments follow at once. */
  readonly verb?: string;
  /** What it does: a sentence without its end. */
  readonly brief: string;
  /** Options and arguments. */
  readonly parameters: readonly Parameter[];
  /**
   * Makes the stage out of arguments that were read by `parameters`. Nothing is
   * run yet.
   *
   * @throws {SkymapError} `usage`, made by {@linkcode Arguments.fault}.
   */
  readonly prepare: (args: Arguments) => Stage | Promise<Stage>;
  /**
   * Makes the line that the command stands for; `prepare` is not called then, but
   * the commands of that line are prepared in its place.
   *
   * @throws {SkymapError} `usage`, made by {@linkcode Arguments.fault}.
   */
  readonly expand?: (args: Arguments, nowMs: number) => string;
}

/** A line that shows a command at work. */
export interface Example {
  /** The line. */
  readonly line: string;
  /** What it does: a sentence without its end. */
  readonly says: string;
  /** What it needs beside the demo graph: a noun. Default: nothing. */
  readonly needs?: string;
}

/** Groups of commands, in the order that help shows them. */
export const COMMAND_GROUPS = {
  search: "Ask the graph",
  format: "Show answers",
  flow: "Work on elements",
  change: "Change resources",
  automate: "Automate",
  setup: "Set up and look after Skymap",
  help: "Find your way",
} as const;

/** A command of the command line. */
export interface Command {
  /** Its first word. */
  readonly name: string;
  /** Other words for the same. Default: none. */
  readonly aliases?: readonly string[];
  /** Where help shows it. */
  readonly group: keyof typeof COMMAND_GROUPS;
  /** What it does: a sentence without its end. */
  readonly brief: string;
  /** What a person has to know beyond that, as Markdown. */
  readonly description: string;
  /** Whether it stands first, behind a `|`, or either. */
  readonly position: "source" | "flow" | "either";
  /** Ways to call it; those with a verb are looked at first. */
  readonly forms: readonly Form[];
  /** Lines that run on the demo graph. */
  readonly examples: readonly Example[];
  /**
   * Whether `@NOW@` and its like stay as they are, for a line that is run later.
   * Default: no.
   */
  readonly keepsPlaceholders?: boolean;
}

/** What a stage makes of what it gets. */
export interface Stage {
  /**
   * What it gives; `same` is what it gets. Known before anything runs, so that
   * the end of the line can be written anew.
   */
  readonly output: "elements" | "text" | "file" | "same";
  /**
   * For commands of a search: what it adds to the one search that the leading
   * commands of a line become. Behind another command it is `run` that counts.
   */
  readonly search?: SearchStep;
  /**
   * For commands of a search that cannot work behind another one: why not, and
   * what was wanted. Default: they can.
   */
  readonly needsSearch?: string;
  /** What gives its elements their form at the end of a line. Default: a list. */
  readonly shownBy?: Stage;
  /** Whether its output was given its form by the person. Default: no. */
  readonly isFormat?: boolean;
  /** Whether it passes elements of any shape on as they are. Default: no. */
  readonly keepsShape?: boolean;
  /**
   * Whether it takes text as it is. Default: only what makes a file does; for
   * others every line of a text is an element.
   */
  readonly takesText?: boolean;
  /** Files of the caller that it needs, as they were named. Default: none. */
  readonly files?: readonly string[];
  /** Whether it alters anything beside its own output. Default: no. */
  readonly isChange?: boolean;
  /** Whether it refuses nodes of the past. Default: no. */
  readonly needsPresent?: boolean;
  /**
   * Runs it. A source gets no input. What it gives is made as it is asked for,
   * and stops with `context.signal`.
   */
  readonly run: (
    input: Flow | undefined,
    context: LineContext,
  ) => Flow | Promise<Flow>;
}
