/**
 * What flows from one stage of a pipeline to the next.
 *
 * @module
 */

import type { Path } from "../query/ast.ts";
import type { Batches } from "./batch.ts";
import type { AnswerShape } from "./formats/answer_format.ts";

/** Nodes, edges, rows, changes or any other JSON values. */
export interface ElementFlow {
  /** Tells the flow. */
  readonly type: "elements";
  /** What kind of elements they are. */
  readonly shape: AnswerShape;
  /** The elements. */
  readonly batches: Batches;
  /** Properties that the search is about: a list shows them too. Default: none. */
  readonly properties?: readonly Path[];
  /** Whether they tell about elements in place of giving them. Default: no. */
  readonly isSummary?: boolean;
}

/** Text for a person or a program. */
export interface TextFlow {
  /** Tells the flow. */
  readonly type: "text";
  /** Default: `text/plain`. */
  readonly mediaType?: string;
  /** Pieces of the text, wherever they are cut; line ends included. */
  readonly chunks: AsyncIterable<string>;
}

/** A file for the caller; the last stage alone makes one. */
export interface FileFlow {
  /** Tells the flow. */
  readonly type: "file";
  /** Name without a folder. */
  readonly name: string;
  /** What it is. */
  readonly mediaType: string;
  /** What it holds. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /**
   * When the caller should edit the file: the line that takes it back, with the
   * file's name where the edited file belongs.
   */
  readonly editedBy?: string;
}

/** What flows from one stage to the next. */
export type Flow = ElementFlow | TextFlow | FileFlow;
