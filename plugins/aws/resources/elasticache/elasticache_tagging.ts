import { arnOf } from "../../arn.ts";
import type { DetailCall, Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/**
 * How ElastiCache tells tags. It has none for what is being made; of what is being
 * changed it may tell none either, but that says nothing of them.
 */
export const ELASTICACHE_TAGS: DetailCall = {
  as: "$tags",
  of: "ARN",
  many: true,
  service: "elasticache",
  operation: "ListTagsForResource",
  askFor: ([arn = ""]) => ({ ResourceName: arn }),
  result: "TagList[*]",
  region: ({ $region, CacheClusterStatus, Status }) =>
    CacheClusterStatus === "creating" || Status === "creating"
      ? undefined
      : String($region),
  none: ["CacheClusterNotFoundFault", "ReplicationGroupNotFoundFault"],
};

/** How ElastiCache tags; `type` is what its ARNs call the kind. */
export function elasticacheTagging(type: string): Tagging {
  return {
    set: {
      service: "elasticache",
      operation: "AddTagsToResource",
      input: (target, tags) => ({
        ResourceName: arnOf(target, "elasticache", `${type}:${target.id}`),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "elasticache",
      operation: "RemoveTagsFromResource",
      input: (target, keys) => ({
        ResourceName: arnOf(target, "elasticache", `${type}:${target.id}`),
        TagKeys: [...keys],
      }),
    },
  };
}
