/**
 * Work that core itself must not do, in a process with permissions of its own.
 *
 * @module
 */

/** What a process is started with. */
export interface SideProcessOptions {
  /** The module that it runs: a `file:` address, see {@linkcode sideModule}. */
  readonly module: string;
  /** Its permissions and which modules it may load, as Deno's flags. */
  readonly flags: readonly string[];
  /** Variables that it gets beside those that Deno needs. Default: none. */
  readonly env?: Readonly<Record<string, string>>;
  /** Size of its JavaScript heap. */
  readonly maxHeapMb: number;
  /** Makes the error of a process that did not end well. */
  readonly failure: (reason: string) => Error;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/** Characters of standard error that are kept. */
const MAX_TAIL = 4_000;

/** The last part of a stream, read as fast as it comes. */
async function tailOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let tail = "";
  for await (const chunk of stream) {
    tail = (tail + decoder.decode(chunk, { stream: true })).slice(-MAX_TAIL);
  }
  return tail;
}

/** Why a process ended, told by what it printed last. */
function reasonOf(status: Deno.CommandStatus, printed: string): string {
  if (/JavaScript (?:heap )?out of memory/.test(printed)) {
    return "it used more memory than it may";
  }
  const [, last] = /^error: (?:Uncaught )?(?:\(in promise\) )?(.*)$/m
    .exec(printed) ?? [];
  const how = status.signal ?? `exit code ${status.code}`;
  return `its process ended with ${how}${
    last === undefined ? "" : `: ${last}`
  }`;
}

/**
 * A Deno process that reads lines and writes lines. It gets none of core's
 * environment. Disposing of it kills it.
 */
export class SideProcess implements AsyncDisposable {
  readonly #options: SideProcessOptions;
  readonly #child: Deno.ChildProcess;
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  readonly #printed: Promise<string>;
  readonly #kill = () => {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended meanwhile.
    }
  };

  /** Starts the process. */
  constructor(options: SideProcessOptions) {
    const { module, flags, env, maxHeapMb, signal } = options;
    signal.throwIfAborted();
    this.#options = options;
    this.#child = new Deno.Command(sideDeno(), {
      args: [
        "run",
        "--quiet",
        "--no-prompt",
        "--cached-only",
        `--v8-flags=--max-old-space-size=${maxHeapMb}`,
        ...flags,
        module,
      ],
      env: { ...cacheEnvironment(), ...env },
      clearEnv: true,
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#stdin = this.#child.stdin.getWriter();
    this.#stdin.closed.catch(() => {});
    this.#printed = tailOf(this.#child.stderr).catch(() => "");
    signal.addEventListener("abort", this.#kill, { once: true });
  }

  /**
   * Sends text and waits until there is room for more. What a process that has
   * ended does not take is no error: {@linkcode chunks} tells why it ended.
   */
  async send(text: string): Promise<void> {
    await this.#stdin.write(this.#encoder.encode(text)).catch(() => {});
  }

  /** Says that nothing more is sent. */
  async end(): Promise<void> {
    await this.#stdin.close().catch(() => {});
  }

  /**
   * What it writes, up to its end.
   *
   * @throws The failure, if it did not end with exit code 0; the reason of the
   * signal, if that killed it.
   */
  async *chunks(): AsyncGenerator<Uint8Array> {
    yield* this.#child.stdout;
    const status = await this.#child.status;
    this.#options.signal.throwIfAborted();
    if (status.success) return;
    throw this.#options.failure(reasonOf(status, await this.#printed));
  }

  /** Kills it, if it still runs, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#options.signal.removeEventListener("abort", this.#kill);
    this.#kill();
    await this.#stdin.close().catch(() => {});
    await this.#child.stdout.cancel().catch(() => {});
    await this.#child.status;
    await this.#printed;
  }
}

/** Where Deno's cache is, for a process that takes packages out of it. */
function cacheEnvironment(): Record<string, string> {
  const env: Record<string, string> = { NO_COLOR: "1" };
  for (const name of ["DENO_DIR", "HOME", "XDG_CACHE_HOME"]) {
    const granted = Deno.permissions.querySync({ name: "env", variable: name });
    const value = granted.state === "granted" ? Deno.env.get(name) : undefined;
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** The Deno that runs this, or the one beside a compiled binary. */
function sideDeno(): string {
  const path = Deno.execPath();
  return Deno.build.standalone ? path.replace(/[^/]*$/, "deno") : path;
}

/**
 * Address of the module of a side process: `name` of the source tree, such as
 * `http_request/requests_process.ts` below `core/cli`, or its bundle, which lies
 * beside all other bundled files as `requests_process.js`.
 */
export function sideModule(name: string): string {
  const { standalone } = Deno.build;
  const file = name.replace(/^.*\/|\.ts$/g, "");
  if (standalone) {
    const folder = Deno.execPath().replace(/[^/]*$/, "app/");
    return new URL(`file://${folder}${file}.js`).href;
  }
  return import.meta.url.endsWith(".js")
    ? new URL(`${file}.js`, import.meta.url).href
    : new URL(`../${name}`, import.meta.url).href;
}
