import { deepStrictEqual } from "node:assert/strict";
import type { Item } from "../declaration.ts";
import { RESOURCES } from "./mod.ts";

/** What goes along with what when an item of each kind says so. */
function membersOf(item: Item): string[] {
  return RESOURCES.flatMap(({ kind, edges = [] }) =>
    edges.flatMap((edge) => {
      const other = "predecessor" in edge ? edge.predecessor : edge.successor;
      const along = typeof edge.goesAlong === "function"
        ? edge.goesAlong(item)
        : edge.goesAlong;
      if (along === undefined) return [];
      return along === "self" ? `${kind} of ${other}` : `${other} of ${kind}`;
    })
  ).sort();
}

const ALWAYS = [
  "aws_autoscaling_group of aws_eks_nodegroup",
  "aws_cloudformation_stack of aws_cloudformation_stack",
  "aws_ec2_instance of aws_autoscaling_group",
  "aws_ecs_container_instance of aws_ec2_instance",
  "aws_elasticache_cache_cluster of aws_elasticache_replication_group",
];

Deno.test("what takes others along says so", () => {
  deepStrictEqual(membersOf({ Engine: "aurora-mysql" }), ALWAYS);
  deepStrictEqual(
    membersOf({
      Engine: "mysql",
      Attachments: [{ DeleteOnTermination: true }],
    }),
    [
      ...ALWAYS,
      "aws_ec2_volume of aws_ec2_instance",
      "aws_rds_instance of aws_rds_cluster",
    ].sort(),
  );
});

Deno.test("nothing that may lie anywhere is said to go along", () => {
  deepStrictEqual(
    RESOURCES.filter(({ edges = [] }) =>
      edges.some(({ anywhere, goesAlong }) =>
        anywhere !== undefined && goesAlong !== undefined
      )
    ).map(({ kind }) => kind),
    [],
  );
});
