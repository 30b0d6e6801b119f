import type { Tagging, Target } from "../../declaration.ts";

/** How EC2 tags; most of what it has is tagged by its id. */
export function ec2Tagging(
  resourceOf: (target: Target) => string = ({ id }) => id,
): Tagging {
  return {
    set: {
      service: "ec2",
      operation: "CreateTags",
      input: (target, tags) => ({
        Resources: [resourceOf(target)],
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    },
    unset: {
      service: "ec2",
      operation: "DeleteTags",
      input: (target, keys) => ({
        Resources: [resourceOf(target)],
        Tags: keys.map((Key) => ({ Key })),
      }),
    },
  };
}
