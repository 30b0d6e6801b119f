/**
 * Grammar of lines: tokens to stretches of a text.
 *
 * @module
 */

import { EmbeddedActionsParser, type IToken } from "chevrotain";
import * as t from "./line_tokens.ts";

/** A stretch of a text, without blanks at its ends. */
export interface Stretch {
  /** Offset of its first character. */
  readonly start: number;
  /** Offset behind its last one. */
  readonly end: number;
}

/** A variable in front of a line. */
export interface AssignmentStretch {
  /** Its name. */
  readonly name: string;
  /** Where the name stands. */
  readonly start: number;
  /** Its value, quotes included. */
  readonly value: Stretch;
}

/** A line of a text. */
export interface LineStretch extends Stretch {
  /** Variables in front of it. */
  readonly assignments: readonly AssignmentStretch[];
  /** Its commands; an empty one is a stretch without characters. */
  readonly stages: readonly Stretch[];
}

function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** The stretch of some tokens; without any, the place behind `before`. */
function stretchOf(tokens: readonly IToken[], before: number): Stretch {
  const solid = tokens.filter(({ tokenType }) => tokenType !== t.BLANK);
  const [first] = solid;
  const last = solid.at(-1);
  return first === undefined || last === undefined
    ? { start: before, end: before }
    : { start: first.startOffset, end: endOf(last) };
}

/** Reads lines; one instance serves every text. */
export class LineParser extends EmbeddedActionsParser {
  /** Lines between semicolons; those without anything are left out. */
  readonly lines: () => LineStretch[] = this.RULE("lines", () => {
    const lines: LineStretch[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: t.SEMICOLON,
      DEF: () => lines.push(this.SUBRULE(this.line)),
    });
    return this.ACTION(() =>
      lines.filter(({ assignments, stages }) =>
        assignments.length > 0 || stages.length > 1 ||
        stages.some(({ start, end }) => end > start)
      )
    );
  });

  private readonly line = this.RULE("line", (): LineStretch => {
    const assignments: AssignmentStretch[] = [];
    const stages: Stretch[] = [];
    this.OPTION(() => this.CONSUME(t.BLANK));
    this.MANY({
      GATE: () => this.LA(1).tokenType === t.NAME,
      DEF: () => assignments.push(this.SUBRULE(this.assignment)),
    });
    this.AT_LEAST_ONE_SEP({
      SEP: t.PIPE,
      DEF: () => stages.push(this.SUBRULE(this.stage)),
    });
    return this.ACTION(() => ({
      assignments,
      stages,
      start: assignments[0]?.start ?? stages[0]?.start ?? 0,
      end: stages.at(-1)?.end ?? 0,
    }));
  });

  private readonly assignment = this.RULE(
    "assignment",
    (): AssignmentStretch => {
      const value: IToken[] = [];
      const name = this.CONSUME(t.NAME);
      this.MANY1(() =>
        value.push(this.OR1([
          { ALT: () => this.CONSUME(t.WORD) },
          { ALT: () => this.CONSUME(t.DOUBLE) },
          { ALT: () => this.CONSUME(t.SINGLE) },
          { ALT: () => this.CONSUME(t.ESCAPE) },
        ]))
      );
      this.MANY2(() => {
        this.OR2([
          { ALT: () => this.CONSUME2(t.BLANK) },
          { ALT: () => this.CONSUME(t.COMMA) },
        ]);
      });
      return this.ACTION(() => ({
        name: name.image.slice(0, -1),
        start: name.startOffset,
        value: stretchOf(value, endOf(name)),
      }));
    },
  );

  private readonly stage = this.RULE("stage", (): Stretch => {
    const tokens: IToken[] = [];
    const before = this.LA(0);
    this.MANY(() =>
      tokens.push(this.OR([
        { ALT: () => this.CONSUME(t.BLANK) },
        { ALT: () => this.CONSUME(t.DOUBLE) },
        { ALT: () => this.CONSUME(t.SINGLE) },
        { ALT: () => this.CONSUME(t.BACKTICKS) },
        { ALT: () => this.CONSUME(t.ESCAPE) },
        { ALT: () => this.CONSUME(t.COMMA) },
        { ALT: () => this.CONSUME(t.NAME) },
        { ALT: () => this.CONSUME(t.WORD) },
        { ALT: () => this.CONSUME(t.LONE) },
      ]))
    );
    return this.ACTION(() =>
      stretchOf(
        tokens,
        before?.startOffset >= 0 ? endOf(before) : 0,
      )
    );
  });

  /** Makes the parser; it is expensive, so it is done once. */
  constructor() {
    super(t.LINE_TOKENS, { maxLookahead: 1, recoveryEnabled: false });
    this.performSelfAnalysis();
  }
}
