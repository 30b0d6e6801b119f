import type { Run } from "./run.ts";

/** The oldest waiting run all of whose locks are free; runs come oldest first. */
export function nextRun(
  runs: Iterable<Run>,
  locksOf: (workflow: string) => readonly string[],
): Run | undefined {
  const all = [...runs];
  const held = new Set(
    all.filter((run) => run.state === "running")
      .flatMap((run) => locksOf(run.workflow)),
  );
  for (const run of all) {
    if (run.state !== "waiting") continue;
    const locks = locksOf(run.workflow);
    if (!locks.some((lock) => held.has(lock))) return run;
    // Nobody who came later goes before one who waits.
    for (const lock of locks) held.add(lock);
  }
}
