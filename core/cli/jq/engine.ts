/**
 * The jq engine: its program, compiled to WebAssembly, with streams of ours.
 *
 * @module
 */

import { createRequire } from "node:module";
import jq from "jq-wasm/dist/build/jq.js";

// The package wants these names of Node, which it lacks within a bundle.
if (!("require" in globalThis)) {
  Object.assign(globalThis, {
    require: createRequire(import.meta.url),
    __dirname: "/",
  });
}

/** What a run of jq reads and writes. */
export interface JqStreams {
  /**
   * Bytes of the input, at least one, of one line at most; none at its end. So
   * jq has read no further than the element that it works on.
   */
  readonly read: (maxBytes: number) => Uint8Array;
  /** Takes output; the bytes are gone when it returns. */
  readonly write: (bytes: Uint8Array) => void;
  /** Takes what jq tells people; the bytes are gone when it returns. */
  readonly tell: (bytes: Uint8Array) => void;
}

/** A function that the engine calls, such as `_fd_read`. */
type Import = (...args: number[]) => number;

/** Memory of the engine, and how its functions are called. */
interface Instance {
  memory: WebAssembly.Memory | undefined;
}

/** Stretches of memory that a call names, as WASI lays them out. */
function* stretches(
  memory: WebAssembly.Memory,
  at: number,
  count: number,
): Generator<Uint8Array> {
  const view = new DataView(memory.buffer);
  for (let each = 0; each < count; each++) {
    const begin = view.getUint32(at + 8 * each, true);
    const length = view.getUint32(at + 8 * each + 4, true);
    yield new Uint8Array(memory.buffer, begin, length);
  }
}

function importsOf(
  { read, write, tell }: JqStreams,
  maxBytes: number,
  instance: Instance,
): Readonly<Record<string, (old: Import) => Import>> {
  const memory = (): WebAssembly.Memory => {
    if (instance.memory === undefined) throw new TypeError("Cannot happen");
    return instance.memory;
  };
  const store = (at: number, value: number) =>
    new DataView(memory().buffer).setUint32(at, value, true);
  return {
    _fd_read: () => (_fd, at, count, result) => {
      let total = 0;
      // One stretch a call: the next read may wait for what is not yet sent.
      for (const stretch of stretches(memory(), at ?? 0, count ?? 0)) {
        if (stretch.length === 0) continue;
        const bytes = read(stretch.length);
        stretch.set(bytes);
        total = bytes.length;
        break;
      }
      store(result ?? 0, total);
      return 0;
    },
    _fd_write: () => (fd, at, count, result) => {
      let total = 0;
      for (const stretch of stretches(memory(), at ?? 0, count ?? 0)) {
        total += stretch.length;
        if (fd === 1) write(stretch);
        else tell(stretch);
      }
      store(result ?? 0, total);
      return 0;
    },
    // What is refused is told by jq: it cannot allocate memory.
    _emscripten_resize_heap: (old) => (bytes = 0) =>
      bytes > maxBytes ? 0 : old(bytes),
    _environ_sizes_get: () => (count, size) => {
      store(count ?? 0, 0);
      store(size ?? 0, 0);
      return 0;
    },
    _environ_get: () => () => 0,
  };
}

/** The engine's code, compiled when it is first run. */
let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * Makes an engine whose functions are those of `wrappers`. The package hands its
 * code and its functions to `WebAssembly.instantiate` and has no other door.
 */
async function instantiate(
  instance: Instance,
  wrappers: ReturnType<typeof importsOf>,
): Promise<{ readonly callMain: (words: string[]) => number }> {
  const original = WebAssembly.instantiate;
  const made = async (
    code: BufferSource,
    { a = {} }: Readonly<Record<string, Readonly<Record<string, Import>>>>,
  ): Promise<WebAssembly.WebAssemblyInstantiatedSource> => {
    compiled ??= WebAssembly.compile(code);
    const imports = Object.fromEntries(
      Object.entries(a).map(([name, old]) =>
        [name, wrappers[old.name]?.(old) ?? old] as const
      ),
    );
    const module = await compiled;
    const created = await original(module, { a: imports });
    instance.memory = Object.values(created.exports).find((each) =>
      each instanceof WebAssembly.Memory
    );
    return { module, instance: created };
  };
  Reflect.set(WebAssembly, "instantiate", made);
  try {
    return await jq({ thisProgram: "jq" });
  } finally {
    Reflect.set(WebAssembly, "instantiate", original);
  }
}

/**
 * Runs jq's program once with these words of its command line; gives its exit
 * code, or none if it was aborted. Its environment is empty, it has no files,
 * and `maxBytes` bounds its memory.
 */
export async function runEngine(
  words: readonly string[],
  streams: JqStreams,
  maxBytes: number,
): Promise<number | undefined> {
  const instance: Instance = { memory: undefined };
  const wrappers = importsOf(streams, maxBytes, instance);
  const engine = await instantiate(instance, wrappers);
  try {
    return engine.callMain([...words]);
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) return;
    throw error;
  }
}
