/**
 * What `promtool` and `amtool` say of pages, rules and configurations.
 *
 * @module
 */

import { type Program, programName } from "./programs.ts";

/** How a program ended, and everything it printed. */
export interface ToolResult {
  /** Exit code. */
  readonly code: number;
  /** What it printed, on both outputs. */
  readonly text: string;
}

/** Runs a program to its end with a text as its input. */
export async function runTool(
  program: Program,
  args: readonly string[],
  input = "",
): Promise<ToolResult> {
  const child = new Deno.Command(programName(program), {
    args: [...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  // What ends without reading all of it says why by its exit code.
  const written = new Response(input).body?.pipeTo(child.stdin).catch(() => {});
  const { code, stdout, stderr } = await child.output();
  await written;
  const decoder = new TextDecoder();
  return { code, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** What `promtool check metrics` finds fault with on a page; nothing is `""`. */
export async function lintPage(page: string): Promise<string> {
  const { code, text } = await runTool("promtool", ["check", "metrics"], page);
  return code === 0 ? text : text || `promtool ended with ${code}`;
}
