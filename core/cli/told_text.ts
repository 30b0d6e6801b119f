import type { TextFlow } from "./flow.ts";

async function* chunks(make: () => Promise<string>): AsyncGenerator<string> {
  yield `${await make()}\n`;
}

/** One line that says what was done; it is done when the text is asked for. */
export function toldText(make: () => Promise<string>): TextFlow {
  return { type: "text", chunks: chunks(make) };
}
