/**
 * `welcome`: the first words.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { helpWidth, wrapText } from "../help/wrap_text.ts";
import type { LineContext } from "../line_context.ts";

const DAY_MS = 86_400_000;

/** One of them is shown a day. */
const TIPS: readonly string[] = [
  'Count before you list: "search is(volume) | count volume_status".',
  'Behind a search, "ancestors" and "descendants" follow the edges to their end.',
  'A line in front of which stands "at=1d" searches the graph of yesterday.',
  '"history --after 1h" tells what changed within the hour.',
  '"search … | format --dot" draws, "… | list --csv name, age" makes a table.',
  'Put "| write name.json" behind a line and the answer becomes a file.',
  '"search --explain …" tells how the index answers, and what to do better.',
  '"jobs add" runs a line by itself, on a schedule or an event.',
];

function words(
  { services, clock, terminal }: LineContext,
): readonly string[] {
  const width = helpWidth(terminal.columns);
  const tip = TIPS[Math.floor(clock.now() / DAY_MS) % TIPS.length] ?? "";
  const title = `Skymap ${services.version}`;
  return [
    terminal.hasColors ? `\u001b[1m${title}\u001b[0m` : title,
    "",
    ...wrapText(
      'Try "search is(instance) limit 5". "help" lists all commands, "help ' +
        'COMMAND" tells more of one.',
      width,
    ),
    ...wrapText(`Tip: ${tip}`, width),
  ];
}

/** Says hello, with a tip. */
export const WELCOME: Command = {
  name: "welcome",
  aliases: ["totd"],
  group: "help",
  brief: "Says hello, with the tip of the day",
  description: "The shell shows it when it starts.",
  position: "source",
  forms: [{
    brief: "Says hello, with the tip of the day",
    parameters: [],
    prepare: () => ({
      output: "text",
      run: (_input, context) => ({
        type: "text",
        chunks: async function* () {
          yield await Promise.resolve(`${words(context).join("\n")}\n`);
        }(),
      }),
    }),
  }],
  examples: [{ line: "welcome", says: "Says hello" }],
};
