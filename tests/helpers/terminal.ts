/**
 * A real terminal with a program in it: tmux, whose screen tests look at.
 *
 * @module
 */

import { until } from "./system.ts";

/** Whether this machine has tmux; in CI it must. */
export async function hasTmux(): Promise<boolean> {
  try {
    return (await new Deno.Command("tmux", { args: ["-V"] }).output()).success;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    if (Deno.env.get("CI") === "true") throw error;
    return false;
  }
}

/** What a {@linkcode Terminal} is made with. */
export interface TerminalOptions {
  /** The words of the program. */
  readonly command: readonly string[];
  /** Its environment, beside the one of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Its width. Default: 100. */
  readonly columns?: number;
  /** Its height. Default: 24. */
  readonly rows?: number;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

/** A terminal with a program in it. */
export class Terminal implements AsyncDisposable {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** Starts a program in a terminal of its own. */
  static async start(
    { command, env = {}, columns = 100, rows = 24 }: TerminalOptions,
  ): Promise<Terminal> {
    const folder = await Deno.makeTempDir({ prefix: "skymap-tmux-" });
    const terminal = new Terminal(folder);
    await terminal.#tmux(
      "-f",
      "/dev/null",
      "new-session",
      "-d",
      "-x",
      String(columns),
      "-y",
      String(rows),
      ...Object.entries(env).flatMap(([name, value]) => [
        "-e",
        `${name}=${value}`,
      ]),
      // What it printed last stays on the screen.
      `${command.map(quoted).join(" ")}; echo "ended with $?"; exec cat`,
    );
    return terminal;
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-S", `${this.#folder}/socket`, ...args],
    }).output();
    const decoder = new TextDecoder();
    if (success) return decoder.decode(stdout);
    throw new Error(`tmux ${args.join(" ")}: ${decoder.decode(stderr)}`);
  }

  /** Types a text as it is. */
  async type(text: string): Promise<void> {
    await this.#tmux("send-keys", "-l", text);
  }

  /** Presses keys by their names, such as `Enter` and `C-c`. */
  async press(...keys: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...keys);
  }

  /** Makes it wider or narrower. */
  async resize(columns: number, rows: number): Promise<void> {
    const size = ["-x", String(columns), "-y", String(rows)];
    await this.#tmux("resize-window", ...size);
  }

  /** Clears the screen and what scrolled off it, before the next look. */
  async clear(): Promise<void> {
    await this.press("C-l");
    await this.untilScreen(/^> *\n*$/);
  }

  /** What the screen shows, without blanks at the end. */
  async screen(): Promise<string> {
    return (await this.#tmux("capture-pane", "-p")).trimEnd();
  }

  /** Waits until the screen shows something. */
  async untilScreen(wanted: RegExp, timeoutMs = 30_000): Promise<string> {
    let screen = "";
    try {
      return await until(`${wanted} is shown`, async () => {
        screen = await this.screen();
        return wanted.test(screen) ? screen : undefined;
      }, timeoutMs);
    } catch {
      throw new Error(`Waited in vain for ${wanted} on the screen:\n${screen}`);
    }
  }

  /** Ends it and the program. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server").catch(() => {});
    await Deno.remove(this.#folder, { recursive: true }).catch(() => {});
  }
}
