/**
 * The texts of all commands of one search, as one text.
 *
 * @module
 */

import type { EdgeType } from "@skymap/lib/plugin";
import type { Query } from "../query/ast.ts";
import { parseQuery } from "../query/parse.ts";
import { SourceText } from "../query/source_text.ts";
import { QuerySyntaxError } from "../query/syntax_error.ts";

/** What a text is put between, so that it becomes a search. */
export interface Around {
  /** What comes before it. Default: nothing. */
  readonly before?: string;
  /** What comes behind it. Default: nothing. */
  readonly behind?: string;
}

/**
 * Reads texts one after the other. The places of what is read are places of all
 * the texts together, so that trees of several texts can be made one.
 */
export class FusedText {
  readonly #edgeTypes: readonly EdgeType[];
  readonly #pieces: (SourceText | string)[] = [];
  #length = 0;

  /** Takes the edges that navigations walk which name none. */
  constructor(edgeType: EdgeType) {
    this.#edgeTypes = [edgeType];
  }

  /** All texts that were read. */
  get source(): SourceText {
    return SourceText.join(this.#pieces);
  }

  /**
   * Reads the next text.
   *
   * @throws {SkymapError} `query_syntax`, with the place where it was written.
   */
  read(
    text: SourceText | string,
    { before = "", behind = "" }: Around = {},
  ): Query {
    const pieces = [before, text, behind];
    const padding = " ".repeat(this.#length);
    const source = SourceText.join([padding, ...pieces]);
    this.#pieces.push(...pieces, "\n");
    this.#length = source.text.length + 1;
    try {
      return parseQuery(source, this.#edgeTypes);
    } catch (error) {
      const end = source.text.length - behind.length;
      const isOurs = behind !== "" && error instanceof QuerySyntaxError &&
        error.offset >= end;
      throw isOurs ? unfinished(SourceText.of(text)) : error;
    }
  }
}

/** What goes wrong behind a text is that the text ends too early. */
function unfinished(text: SourceText): QuerySyntaxError {
  return new QuerySyntaxError({
    text,
    offset: text.text.length,
    problem: `"${text.text}" ends too early`,
  });
}
