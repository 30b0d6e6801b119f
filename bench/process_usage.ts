/**
 * What another process has taken of the machine.
 *
 * @module
 */

/** Ticks of the kernel's clock in a second. */
const TICKS = 100;

/** Seconds of processor time that a process has taken so far. */
export async function cpuSeconds(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/stat`);
  // Behind the name, which may hold blanks: the 12th and 13th are user and system.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ").map(Number);
  return ((fields[11] ?? 0) + (fields[12] ?? 0)) / TICKS;
}

/** Seconds of processor time that some work of a process takes. */
export async function cpuOf<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<readonly [seconds: number, result: T]> {
  const before = await cpuSeconds(pid);
  const result = await work();
  return [await cpuSeconds(pid) - before, result];
}
