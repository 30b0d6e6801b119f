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
    /** Elements that were given, if they were counted. */
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
