import type { DetailCall, Tagging } from "../../declaration.ts";

/** A detail call for the tags of what has an ARN at a path. */
export function elbv2Tags(of: string): DetailCall {
  return {
    as: "$tags",
    of,
    batch: 20,
    service: "elbv2",
    operation: "DescribeTags",
    askFor: (values) => ({ ResourceArns: values }),
    result: "TagDescriptions[*]",
    match: "ResourceArn",
    // Others of its batch are asked for one by one then.
    none: [
      "LoadBalancerNotFoundException",
      "TargetGroupNotFoundException",
    ],
  };
}

/** How load balancers and target groups are tagged. */
export const ELBV2_TAGGING: Tagging = {
  set: {
    service: "elbv2",
    operation: "AddTags",
    input: ({ id }, tags) => ({
      ResourceArns: [id],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  },
  unset: {
    service: "elbv2",
    operation: "RemoveTags",
    input: ({ id }, keys) => ({ ResourceArns: [id], TagKeys: keys }),
  },
};
