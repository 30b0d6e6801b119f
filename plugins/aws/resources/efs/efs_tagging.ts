import type { Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/** How EFS tags. */
export const EFS_TAGGING: Tagging = {
  set: {
    service: "efs",
    operation: "TagResource",
    input: ({ id }, tags) => ({ ResourceId: id, Tags: keyValueTags(tags) }),
  },
  unset: {
    service: "efs",
    operation: "UntagResource",
    input: ({ id }, keys) => ({ ResourceId: id, TagKeys: [...keys] }),
  },
};
