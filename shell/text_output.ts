/**
 * Where the text of an answer goes.
 *
 * @module
 */

import type { PromptTerminal } from "./prompt/line_reader.ts";
import { textWidth } from "./prompt/text_width.ts";
import { SimplePager } from "./simple_pager.ts";

/** Takes the text of an answer. */
export interface TextOutput {
  /** Takes a piece; false when nobody wants more of it. */
  write(text: string): Promise<boolean>;
  /** Ends it; whoever reads it may take their time. */
  end(): Promise<void>;
}

/** Passes text on as it comes. */
export function plainOutput(write: (text: string) => void): TextOutput {
  return {
    write: (text) => {
      write(text);
      return Promise.resolve(true);
    },
    end: () => Promise.resolve(),
  };
}

/** What shows long texts page by page. */
export interface PagerProcess {
  /** Takes a piece; false when the person has left. */
  write(text: string): Promise<boolean>;
  /** Waits until the person has left. */
  end(): Promise<void>;
}

/** What pages are shown with. */
export interface PagedOptions {
  /** The terminal. */
  readonly terminal: PromptTerminal;
  /** Starts the pager; undefined when there is none. */
  readonly startPager: () => PagerProcess | undefined;
  /** Told when the terminal belongs to the pager, and when no more. */
  readonly onPager: (isOpen: boolean) => void;
}

// deno-lint-ignore no-control-regex -- colours take no room
const COLOURS = /\x1b\[[0-9;]*m/g;

/** Rows that a line of text takes. */
function rowsOf(line: string, columns: number): number {
  const width = textWidth(line.replaceAll(COLOURS, ""));
  return Math.max(Math.ceil(width / columns), 1);
}

/**
 * Shows text as it comes; once it is longer than the screen, all of it goes to
 * the pager.
 */
export class PagedOutput implements TextOutput {
  readonly #options: PagedOptions;
  #shown = "";
  #rows = 0;
  #pager: PagerProcess | undefined;

  /** Nothing is shown yet. */
  constructor(options: PagedOptions) {
    this.#options = options;
  }

  async write(text: string): Promise<boolean> {
    if (this.#pager !== undefined) return await this.#pager.write(text);
    const { terminal, startPager, onPager } = this.#options;
    const { columns, rows } = terminal.size();
    const lines = text.split("\n");
    const added = lines.slice(0, -1)
      .reduce((sum, line) => sum + rowsOf(line, columns), 0);
    if (this.#rows + added < rows) {
      this.#rows += added;
      this.#shown += text;
      terminal.write(text);
      return true;
    }
    onPager(true);
    this.#pager = startPager() ?? simplePager(terminal);
    const all = this.#shown + text;
    this.#shown = "";
    return await this.#pager.write(all);
  }

  async end(): Promise<void> {
    if (this.#pager === undefined) return;
    await this.#pager.end();
    this.#options.onPager(false);
  }
}

function simplePager(terminal: PromptTerminal): PagerProcess {
  const pager = new SimplePager(terminal);
  let rest = "";
  return {
    write: async (text) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      return await pager.show(lines);
    },
    end: async () => {
      if (rest !== "") await pager.show([rest]);
    },
  };
}
