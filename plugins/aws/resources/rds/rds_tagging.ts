import { arnOf } from "../../arn.ts";
import type { Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/** How RDS tags; `type` is what its ARNs call the kind. */
export function rdsTagging(type: string): Tagging {
  return {
    set: {
      service: "rds",
      operation: "AddTagsToResource",
      input: (target, tags) => ({
        ResourceName: arnOf(target, "rds", `${type}:${target.id}`),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "rds",
      operation: "RemoveTagsFromResource",
      input: (target, keys) => ({
        ResourceName: arnOf(target, "rds", `${type}:${target.id}`),
        TagKeys: [...keys],
      }),
    },
  };
}
