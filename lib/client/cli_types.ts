/**
 * What goes over the wire while command lines run.
 *
 * @module
 */

import type { Problem } from "../errors.ts";
import type { CoverageJson } from "./api_types.ts";

/** Something about an answer that is not part of it. */
export type CliNote =
  /** How complete and old the answer is. */
  | {
    readonly type: "coverage";
    readonly coverage: CoverageJson;
    /** Elements that were shown; absent where that is not known. */
    readonly shown?: number;
    /** Elements that there are without the last limit, if `count` was asked. */
    readonly total?: number;
  }
  /** A sentence. */
  | {
    readonly type: "message";
    readonly level: "info" | "warning" | "error";
    readonly text: string;
  }
  /** How far long work is. */
  | {
    readonly type: "progress";
    readonly text: string;
    /** Steps that are done. */
    readonly done?: number;
    /** Steps in all. */
    readonly total?: number;
  };

/**
 * One line of the answer to `POST /cli/execute` as
 * `application/vnd.skymap.cli+ndjson`.
 */
export type CliFrame =
  /** The output of the next line begins. */
  | {
    readonly type: "begin";
    /** Number of the line among those that were sent, from 0. */
    readonly line: number;
    /** What is written: text to be shown, or a file to be kept. */
    readonly output: "text" | "file";
    readonly media_type: string;
    /** Name of the file, without a folder. */
    readonly name?: string;
    /** The line that takes the file back once it was edited. */
    readonly edited_by?: string;
  }
  /** A piece of it. */
  | { readonly type: "text"; readonly text: string }
  /** A piece of a file that is no text, as base64. */
  | { readonly type: "bytes"; readonly base64: string }
  | { readonly type: "note"; readonly note: CliNote }
  /** The output of the line is whole. */
  | { readonly type: "end"; readonly line: number }
  /** It is not, and no line follows. */
  | {
    readonly type: "error";
    readonly line: number;
    readonly problem: Problem;
  };

/** What may stand at a place of a line. */
export interface CompletionJson {
  /** What it is: `kind`, `property`, `option` and so on. */
  readonly type: string;
  /** What replaces the text from `start` to `end`. */
  readonly text: string;
  /** What it is for, in a few words. */
  readonly help?: string;
}

/** How a line may go on at a place: the answer to `POST /cli/complete`. */
export interface CompletionsJson {
  /** Where the word begins that is being typed. */
  readonly start: number;
  /** Where it ends. */
  readonly end: number;
  /** The most likely first. */
  readonly suggestions: readonly CompletionJson[];
  /** Set when the word is the name of a file of the caller. */
  readonly is_file?: true;
}

/** A command of a line that was not run. */
export interface EvaluatedStageJson {
  /** Its name. */
  readonly command: string;
  /** As it was written, its placeholders replaced. */
  readonly text: string;
  /** Whether it became part of the one search. */
  readonly is_search: boolean;
  /** Whether nobody wrote it: it shows what has no form. */
  readonly is_added: boolean;
}

/** What a line would do: the answer to `POST /cli/evaluate`. */
export interface EvaluatedLineJson {
  /** As it was written. */
  readonly line: string;
  /** Variables that it runs with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its commands, with what was added at its end. */
  readonly stages: readonly EvaluatedStageJson[];
  /** The one search that its first commands became. */
  readonly search?: {
    /** Its canonical text. */
    readonly text: string;
    readonly form: "list" | "graph" | "aggregate" | "count" | "explain";
    readonly of: "nodes" | "changes";
  };
  /** What it gives. */
  readonly output: "text" | "file";
  /** Files of the caller that it reads. */
  readonly files: readonly string[];
}

/** An option or argument of a command. */
export interface ParameterJson {
  /** `--name` of an option, or the name of an argument. */
  readonly name: string;
  readonly short?: string;
  /** What it takes; absent for a flag. */
  readonly type?: string;
  /** The words that it takes. Default: any. */
  readonly choices?: readonly string[];
  readonly is_required: boolean;
  readonly is_repeated: boolean;
  /** Whether it takes all that is left. */
  readonly is_rest: boolean;
  readonly help: string;
  readonly default?: string;
}

/** A command. */
export interface CommandJson {
  readonly name: string;
  readonly aliases: readonly string[];
  /** A key of `groups`. */
  readonly group: string;
  readonly brief: string;
  /** Markdown. */
  readonly description: string;
  readonly position: "source" | "flow" | "either";
  /** Ways to call it. */
  readonly forms: readonly {
    readonly verb?: string;
    readonly usage: string;
    readonly brief: string;
    readonly parameters: readonly ParameterJson[];
  }[];
  readonly examples: readonly {
    readonly line: string;
    readonly says: string;
  }[];
}

/** What there is to call: the answer to `GET /cli/info`. */
export interface CliInfoJson {
  /** Titles of the groups, in the order of help. */
  readonly groups: Readonly<Record<string, string>>;
  readonly commands: readonly CommandJson[];
  /** Variables that lines know. */
  readonly environment: readonly {
    readonly name: string;
    readonly type: string;
    readonly choices?: readonly string[];
    readonly help: string;
    readonly default?: string;
  }[];
  /** Such as `@NOW@`. */
  readonly placeholders: readonly string[];
}
