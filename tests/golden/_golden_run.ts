/**
 * Runs a line of a golden file.
 *
 * @module
 */

import type { CliNote } from "@skymap/lib/client";
import { isSkymapError } from "@skymap/lib/errors";
import { coverageText } from "../../shell/coverage_text.ts";
import { type DemoCore, NOW_MS } from "./_demo_core.ts";
import { type GoldenBlock, plainLines } from "./_golden_file.ts";

function noteText(note: CliNote, showsCoverage: boolean): string {
  switch (note.type) {
    case "coverage":
      return showsCoverage
        ? coverageText(note, note.coverage, NOW_MS)
          .map((text) => `~ ${text}\n`).join("")
        : "";
    case "message":
      return `~ ${note.level}: ${note.text}\n`;
    case "progress":
      return "";
  }
}

function errorText(error: unknown): string {
  if (!isSkymapError(error)) throw error;
  return `! ${error.code}\n${plainLines(error.message)}\n`;
}

/** Text of an output, whose last line may lack its end. */
function ended(text: string): string {
  return text === "" || text.endsWith("\n")
    ? plainLines(text)
    : `${plainLines(text)}\n\\\n`;
}

/**
 * Runs a block.
 *
 * @param files What the line may read; files that it makes are added.
 */
export async function runBlock(
  core: DemoCore,
  { line, showsCoverage }: Pick<GoldenBlock, "line" | "showsCoverage">,
  files: Map<string, Blob>,
): Promise<string> {
  let output = "";
  let text = "";
  let file: { readonly name: string; readonly parts: Uint8Array[] } | undefined;
  const flush = () => {
    output += ended(text);
    text = "";
  };
  try {
    const events = await core.commandLine.execute(
      line,
      core.request({ files }),
    );
    for await (const event of events) {
      switch (event.type) {
        case "begin":
          if (event.line > 0) output += "---\n";
          file = event.name === undefined
            ? undefined
            : { name: event.name, parts: [] };
          if (event.output === "file") {
            output += `= ${event.name} (${event.mediaType})\n`;
          }
          if (event.editedBy !== undefined) output += `= ${event.editedBy}\n`;
          break;
        case "text":
          text += event.text;
          break;
        case "bytes":
          file?.parts.push(event.bytes.slice());
          break;
        case "note":
          flush();
          output += noteText(event.note, showsCoverage);
          break;
        case "end":
          if (file !== undefined) {
            const blob = new Blob(file.parts as Uint8Array<ArrayBuffer>[]);
            files.set(file.name, blob);
            text += await blob.text();
          }
          flush();
          break;
        case "failed":
          flush();
          throw event.error;
      }
    }
  } catch (error) {
    output += errorText(error);
  }
  return output;
}
