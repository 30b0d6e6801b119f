import type { CoreServices } from "./core_services.ts";

/** Steps and ends of workflows, ends of jobs, and events that jobs wait for. */
export function knownEvents(
  { workflows, jobs }: Pick<CoreServices, "workflows" | "jobs">,
): ReadonlySet<string> {
  const all = workflows.list();
  const names = [
    ...all.map(({ name }) => name),
    ...jobs.list().map(({ id }) => `job:${id}`),
  ];
  return new Set([
    ...all.flatMap(({ steps }) => steps),
    ...jobs.list().flatMap(({ event }) => event ?? []),
    ...names.flatMap((name) =>
      ["end", "done", "failed"].map((how) => `${name}:${how}`)
    ),
  ]);
}
