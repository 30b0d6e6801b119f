/**
 * The role `shell`: sends lines to core and prints the answers.
 *
 * @module
 */

import { stateDirectory } from "@skymap/lib/data_dir";
import { editorCommand, pagerCommand } from "@skymap/lib/programs";
import { settingsWithoutFlags } from "@skymap/lib/environment_settings";
import { lineEnvironment } from "./environment.ts";
import { LineRunner } from "./line_runner.ts";
import { startPager } from "./pager_process.ts";
import { COLOURED, PLAIN, wantsColours } from "./paint.ts";
import { SETTINGS, type ShellSettings } from "./settings.ts";
import { scrapeToken, shellClient, shellToken } from "./shell_client.ts";
import { TERMINAL, terminalSize, writeAll } from "./terminal.ts";
import { PagedOutput, plainOutput } from "./text_output.ts";

function env(name: string): string | undefined {
  return Deno.env.get(name);
}

/** Asks at the terminal; without one the answer is no. */
function ask(question: string): boolean {
  if (!Deno.stdin.isTerminal()) return false;
  return !/^\s*n/i.test(prompt(question.trimEnd()) ?? "n");
}

/** What runs the lines of this shell. */
function makeRunner(
  settings: ShellSettings,
  client: ReturnType<typeof shellClient>,
  isPlain: boolean,
): LineRunner {
  const isTerminal = Deno.stdout.isTerminal();
  const noColor = settings.noColor || isPlain;
  const hasColours = wantsColours({ isTerminal, noColor, env });
  const tellsInColours = wantsColours({
    isTerminal: Deno.stderr.isTerminal(),
    noColor,
    env,
  });
  const environment = lineEnvironment(settings);
  const pager = settings.noPager || isPlain ? [] : pagerCommand(env);
  const isPaged = isTerminal && Deno.stdin.isTerminal() && pager.length > 0;
  return new LineRunner({
    send: (line, options) =>
      client.execute(line, {
        ...options,
        environment,
        terminal: {
          hasColors: hasColours,
          ...(isTerminal && { columns: terminalSize().columns }),
        },
      }),
    output: (onPager) =>
      isPaged
        ? new PagedOutput({
          terminal: TERMINAL,
          startPager: () => startPager(pager, env),
          onPager,
        })
        : plainOutput((text) => writeAll(Deno.stdout, text)),
    isTerminal,
    download: { folder: settings.downloadDir, isForced: settings.force },
    editing: {
      editor: editorCommand(env),
      folder: stateDirectory(env),
      ask,
    },
    writeNote: (text) => writeAll(Deno.stderr, text),
    ...(Deno.stderr.isTerminal() && !isPlain && {
      progressColumns: () => terminalSize().columns,
    }),
    paint: tellsInColours ? COLOURED : PLAIN,
  });
}

/** Reads flags and words; what does so is not loaded for a bare prompt. */
async function readArguments(args: readonly string[]): Promise<{
  readonly settings: ShellSettings;
  readonly words: readonly string[];
}> {
  if (args.length === 0) {
    return { settings: settingsWithoutFlags(SETTINGS, "shell"), words: [] };
  }
  const { readSettings } = await import("@skymap/lib/settings");
  return readSettings(SETTINGS, {
    role: "shell",
    brief: "Sends a line to core and prints the answer.",
    args,
    words: "LINE",
  });
}

/** Runs the words as one line, or lines of the input; gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const { settings, words } = await readArguments(args);
  if (settings.printToken) {
    writeAll(Deno.stdout, `${await shellToken(settings)}\n`);
    return 0;
  }
  if (settings.printScrapeToken) {
    writeAll(Deno.stdout, `${await scrapeToken(settings)}\n`);
    return 0;
  }
  const client = shellClient(settings);
  const isInput = words.length === 0 &&
    (settings.stdin || !Deno.stdin.isTerminal());
  const runner = makeRunner(settings, client, isInput);
  if (words.length === 0 && !isInput) {
    const { runInteractive } = await import("./interactive.ts");
    await runInteractive({
      terminal: TERMINAL,
      runner,
      client,
      about: settings,
      historyPath: `${stateDirectory(env)}/shell_history`,
      paint: wantsColours({ isTerminal: true, noColor: settings.noColor, env })
        ? COLOURED
        : PLAIN,
    });
    return 0;
  }
  const cancel = new AbortController();
  Deno.addSignalListener("SIGINT", () => {
    if (!runner.isEditing) cancel.abort();
  });
  if (words.length > 0) return await runner.run(words.join(" "), cancel.signal);
  const { runInput } = await import("./input_lines.ts");
  return await runInput(Deno.stdin.readable, runner, cancel.signal);
}
