import type { DetailCall, Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/** What Systems Manager tags. */
type Tagged = "Document" | "Parameter";

/** How Systems Manager tags, by the type of what has them. */
export function ssmTagging(ResourceType: Tagged): Tagging {
  return {
    set: {
      service: "ssm",
      operation: "AddTagsToResource",
      input: ({ id }, tags) => ({
        ResourceType,
        ResourceId: id,
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "ssm",
      operation: "RemoveTagsFromResource",
      input: ({ id }, keys) => ({
        ResourceType,
        ResourceId: id,
        TagKeys: [...keys],
      }),
    },
  };
}

/** The tags of what no list tells them of. */
export function ssmTags(ResourceType: Tagged): DetailCall {
  return {
    as: "$tags",
    of: "Name",
    service: "ssm",
    operation: "ListTagsForResource",
    askFor: ([ResourceId = ""]) => ({ ResourceType, ResourceId }),
    none: ["InvalidResourceId"],
  };
}
