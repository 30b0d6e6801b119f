import type { Tagging } from "../../declaration.ts";

/** How ECS writes tags: by ARN, with names in lower case. */
export const ECS_TAGGING: Tagging = {
  set: {
    service: "ecs",
    operation: "TagResource",
    input: ({ reported }, tags) => ({
      resourceArn: String(reported["arn"]),
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    }),
  },
  unset: {
    service: "ecs",
    operation: "UntagResource",
    input: ({ reported }, keys) => ({
      resourceArn: String(reported["arn"]),
      tagKeys: keys,
    }),
  },
};
