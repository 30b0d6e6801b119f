/**
 * Golden files: lines of the command line, each with what it gives.
 *
 * ```
 * # a remark
 * > search is(instance) | count
 * total matched: 12
 * total unmatched: 0
 * ```
 *
 * A line goes on behind `+ `. `>~` shows too how complete an answer is. In what
 * it gives, `~ ` is a note, `= ` a file, `! ` the code of an error, and a
 * backslash in front of a sign takes its meaning away; alone at the end it says
 * that no line end came last.
 *
 * @module
 */

/** A line and what it gives. */
export interface GoldenBlock {
  /** Remarks in front of it. */
  readonly remarks: readonly string[];
  /** What is run. */
  readonly line: string;
  /** Whether how complete an answer is belongs to what it gives. */
  readonly showsCoverage: boolean;
  /** What it gives. */
  readonly output: string;
}

const BEGIN = /^>(~?) (.*)$/s;

/** Takes the meaning of signs away from lines of an output. */
export function plainLines(text: string): string {
  return text.replaceAll(/^(?=[>#~=!+\\])/gm, "\\");
}

/** Reads a golden file. */
export function readGolden(text: string): readonly GoldenBlock[] {
  const blocks: GoldenBlock[] = [];
  let remarks: string[] = [];
  let open: { line: string; shows: boolean; output: string[] } | undefined;
  const close = () => {
    if (open === undefined) return;
    const { line, shows: showsCoverage, output } = open;
    if (output.at(-1) === "") output.pop();
    blocks.push({
      remarks,
      line,
      showsCoverage,
      output: output.map((each) => `${each}\n`).join(""),
    });
    open = undefined;
    remarks = [];
  };
  for (const each of text.split("\n")) {
    const [, sign, line] = BEGIN.exec(each) ?? [];
    if (line !== undefined) {
      close();
      open = { line, shows: sign === "~", output: [] };
    } else if (each.startsWith("#")) {
      close();
      remarks.push(each);
    } else if (each.startsWith("+ ") && open?.output.length === 0) {
      open.line += `\n${each.slice(2)}`;
    } else open?.output.push(each);
  }
  close();
  return blocks;
}

/** Writes a golden file. */
export function printGolden(blocks: readonly GoldenBlock[]): string {
  return blocks.map(({ remarks, line, showsCoverage, output }) =>
    [
      ...remarks,
      `>${showsCoverage ? "~" : ""} ${line.replaceAll("\n", "\n+ ")}`,
    ].join("\n") + `\n${output}`
  ).join("\n");
}
