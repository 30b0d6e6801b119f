import type {
  DeleteOutcome,
  DeleteTaskResult,
  Json,
  JsonObject,
} from "@skymap/lib/plugin";

/**
 * The task `delete` of a cloud that is made up: a dry run has nothing against it,
 * and nothing is ever deleted, for the next collect would make it up again.
 */
export function deleteResources(args: JsonObject): Json {
  const { resources = [], dry_run } = args;
  const results = (resources as readonly { readonly node: string }[]).map(
    ({ node }): DeleteOutcome =>
      dry_run === true ? { node, outcome: "would_be_done" } : {
        node,
        outcome: "refused",
        reason: "the demo cloud is made up: only dry runs can be tried",
      },
  );
  const result: DeleteTaskResult = { results };
  return result as unknown as Json;
}
