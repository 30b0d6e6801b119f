/**
 * The main module of a process of jq: it has no permissions, reads elements from
 * standard input and writes results to standard output, as they come.
 *
 * @module
 */

import { runJq } from "./jq_run.ts";
import { type JqOrder, type JqTold, TOLD_MARK } from "./protocol.ts";

const CHUNK_BYTES = 65_536;
const LINE_END = 10;

const encoder = new TextEncoder();
const input = new Uint8Array(CHUNK_BYTES);

function read(): Uint8Array | undefined {
  const length = Deno.stdin.readSync(input);
  return length === null ? undefined : input.subarray(0, length);
}

function writeAll(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) {
    at += Deno.stdout.writeSync(bytes.subarray(at));
  }
}

/** How long output waits for more of it, while there is more to read. */
const WAIT_MS = 20;

/**
 * Output that leaves when there is much of it, when the last has left a while
 * ago, or when it is told to. So the first result leaves at once.
 */
class Output {
  readonly #bytes = new Uint8Array(CHUNK_BYTES);
  #length = 0;
  #since = -Infinity;

  add(bytes: Uint8Array): void {
    if (this.#length + bytes.length > CHUNK_BYTES) this.flush();
    if (bytes.length > CHUNK_BYTES) return writeAll(bytes.slice());
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    if (
      bytes.at(-1) === LINE_END && performance.now() - this.#since > WAIT_MS
    ) {
      this.flush();
    }
  }

  flush(): void {
    if (this.#length === 0) return;
    writeAll(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    this.#since = performance.now();
  }
}

/** Reads the first line; gives it with what was read behind it. */
function readOrder(): { order: JqOrder; rest: Uint8Array } {
  const decoder = new TextDecoder();
  let text = "";
  for (let chunk = read(); chunk !== undefined; chunk = read()) {
    const end = chunk.indexOf(LINE_END);
    if (end < 0) {
      text += decoder.decode(chunk, { stream: true });
      continue;
    }
    text += decoder.decode(chunk.subarray(0, end));
    return { order: JSON.parse(text), rest: chunk.slice(end + 1) };
  }
  throw new TypeError("Cannot run jq: no filter came");
}

const output = new Output();
const tell = (told: JqTold) =>
  output.add(encoder.encode(`${TOLD_MARK}${JSON.stringify(told)}\n`));
const { order, rest } = readOrder();
let first: Uint8Array | undefined = rest.length > 0 ? rest : undefined;
const failure = await runJq({
  ...order,
  read: () => {
    const chunk = first ?? read();
    first = undefined;
    return chunk;
  },
  write: (bytes) => output.add(bytes),
  flush: () => output.flush(),
  tell: (text) => tell({ type: "message", text }),
});
if (failure !== undefined) tell({ type: "failure", failure });
output.flush();
Deno.exit(0);
