import type { Tagging } from "../../declaration.ts";

/** How EKS writes tags: by ARN. */
export const EKS_TAGGING: Tagging = {
  set: {
    service: "eks",
    operation: "TagResource",
    input: ({ reported }, tags) => ({
      resourceArn: String(reported["arn"]),
      tags,
    }),
  },
  unset: {
    service: "eks",
    operation: "UntagResource",
    input: ({ reported }, keys) => ({
      resourceArn: String(reported["arn"]),
      tagKeys: keys,
    }),
  },
};
