import { SkymapError } from "@skymap/lib/errors";
import { lineBatches } from "@skymap/lib/ndjson";
import type {
  CancelRequest,
  GrantedPermissions,
  PluginRequest,
  SetupMessage,
  WorkerAnswer,
} from "@skymap/lib/plugin_host";
import type { AccessReport } from "./audit.ts";
import { StderrReader } from "./stderr_reader.ts";
import { MEMORY_MARK } from "./watchdog.ts";

/** What a plugin process may use. */
export interface ProcessLimits {
  /** Time until it is killed. */
  readonly timeoutMs: number;
  /** JavaScript heap. */
  readonly maxHeapMb: number;
  /** Memory in all. */
  readonly maxMemoryMb: number;
  /** Length of one line that it writes. */
  readonly maxLineChars: number;
}

/** What a process is started with. */
export interface ProcessOptions {
  /** Name of the plugin, for messages. */
  readonly plugin: string;
  /** The Deno to run it with. */
  readonly deno: string;
  /** All words of the command line. */
  readonly args: readonly string[];
  /** All of its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What it may reach, as `args` say it. */
  readonly granted: GrantedPermissions;
  /** What it may use. */
  readonly limits: ProcessLimits;
  /** Told what it reached for, once it has ended. */
  readonly onAccess?: (report: AccessReport) => void;
  /** Told the last part of what it printed, once it has ended. */
  readonly onPrint?: (text: string) => void;
  /** Told why it was killed, unless `signal` did it. */
  readonly onKill?: (reason: KillReason) => void;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/** What a process used too much of. */
export type KillReason = "timeout" | "memory";

/** How a heap that is full ends a process, seen as signal or exit code. */
function isHeapFull(stderr: StderrReader): boolean {
  return stderr.includes("JavaScript heap out of memory") ||
    stderr.includes("JavaScript out of memory");
}

/** One run of a plugin in a process of its own. */
export class PluginProcess
  implements AsyncDisposable, AsyncIterable<readonly string[]> {
  readonly #options: ProcessOptions;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #stderr: StderrReader;
  readonly #status: Promise<Deno.CommandStatus>;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #stop = () => this.#kill();
  #timedOut = false;

  /** Starts the process. */
  constructor(options: ProcessOptions) {
    this.#options = options;
    options.signal.throwIfAborted();
    this.#child = new Deno.Command(options.deno, {
      args: [...options.args],
      env: { ...options.env },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {});
    this.#stderr = new StderrReader(this.#child.stderr, options.granted);
    this.#status = this.#child.status;
    this.#timer = setTimeout(() => {
      this.#timedOut = true;
      this.#kill();
    }, options.limits.timeoutMs);
    options.signal.addEventListener("abort", this.#stop, { once: true });
  }

  /** Sends a message. A process that ended does not take it, which is no error. */
  async send(
    request: SetupMessage | PluginRequest | CancelRequest | WorkerAnswer,
  ): Promise<void> {
    const line = new TextEncoder().encode(`${JSON.stringify(request)}\n`);
    await this.#stdin.write(line).catch(() => {});
  }

  /**
   * The lines that it writes, several at a time.
   *
   * @throws {SkymapError} `plugin_crashed` or `plugin_timeout` at their end, if
   * that was not an exit with code 0; `plugin_invalid`, if a line is too long.
   */
  async *[Symbol.asyncIterator](): AsyncGenerator<readonly string[]> {
    const { maxLineChars } = this.#options.limits;
    try {
      yield* lineBatches(this.#child.stdout, maxLineChars);
    } catch (cause) {
      this.#options.signal.throwIfAborted();
      throw new SkymapError(
        "plugin_invalid",
        `Plugin "${this.#options.plugin}" wrote a line of more than ${maxLineChars} characters`,
        { cause },
      );
    }
    const failure = await this.#failure();
    if (failure !== undefined) throw failure;
  }

  /** Why the process did not end well, once it has ended. */
  async #failure(): Promise<SkymapError | undefined> {
    const { plugin, limits, signal } = this.#options;
    const status = await this.#status;
    await this.#stderr.ended;
    if (status.code === 0 && status.signal === null) return;
    signal.throwIfAborted();
    const details = { exit_code: status.code, signal: status.signal };
    if (this.#timedOut) {
      this.#options.onKill?.("timeout");
      return new SkymapError(
        "plugin_timeout",
        `Plugin "${plugin}" took longer than ${limits.timeoutMs / 1000} s`,
        { details },
      );
    }
    const isFull = this.#stderr.includes(MEMORY_MARK);
    if (isFull || isHeapFull(this.#stderr)) this.#options.onKill?.("memory");
    const how = isFull
      ? `used more than ${limits.maxMemoryMb} MB of memory`
      : isHeapFull(this.#stderr)
      ? `used more than ${limits.maxHeapMb} MB of JavaScript heap`
      : `ended with ${
        status.signal === null ? `exit code ${status.code}` : status.signal
      }${this.#stderr.reason && `: ${this.#stderr.reason}`}`;
    return new SkymapError("plugin_crashed", `Plugin "${plugin}" ${how}`, {
      details,
    });
  }

  #kill(): void {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  }

  /** Kills the process, if it still runs, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#options.signal.removeEventListener("abort", this.#stop);
    this.#kill();
    await this.#stdin.close().catch(() => {});
    await this.#child.stdout.cancel().catch(() => {});
    await this.#status;
    await this.#stderr.ended;
    this.#options.onAccess?.(this.#stderr.accesses);
    this.#options.onPrint?.(this.#stderr.text);
  }
}
