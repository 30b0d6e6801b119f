import type { ListPerValue } from "../../declaration.ts";

/** What listings of the parts of clusters have in common: one for each cluster. */
export const OF_EACH_CLUSTER = {
  service: "ecs",
  each: {
    kind: "aws_ecs_cluster",
    path: "clusterArn",
    batch: 1,
    input: ([cluster = ""]) => ({ cluster }),
    as: "$clusterArn",
  },
  // The cluster was deleted after it was listed.
  none: ["ClusterNotFoundException"],
} as const satisfies Partial<ListPerValue>;
