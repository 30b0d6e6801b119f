/**
 * A second process for tests.
 *
 * @module
 */

/** A script that runs in a Deno of its own. */
export interface TestProcess extends AsyncDisposable {
  /** Its process id. */
  readonly pid: number;
  /** The next line that it prints; undefined at the end. */
  line(): Promise<string | undefined>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Its exit code, once it ends. */
  readonly ended: Promise<number>;
}

/** Starts a script; `DIR` in it is the URL of this folder. */
export function startProcess(script: string): TestProcess {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--allow-all", "--no-check", "--quiet", "-"],
    cwd: import.meta.dirname ?? ".",
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const source = ReadableStream.from([script.replaceAll(
    "DIR",
    new URL(".", import.meta.url).href,
  )]).pipeThrough(new TextEncoderStream()).pipeTo(child.stdin);
  source.catch(() => {});
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const ended = child.status.then(({ code }) => code);
  const kill = async () => {
    try {
      child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await ended;
  };
  return {
    pid: child.pid,
    ended,
    kill,
    line: async () => {
      for (;;) {
        const end = text.indexOf("\n");
        if (end !== -1) {
          const line = text.slice(0, end);
          text = text.slice(end + 1);
          return line;
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += value;
      }
    },
    [Symbol.asyncDispose]: async () => {
      await kill();
      await reader.cancel();
    },
  };
}
