import type { Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/** How CloudFront writes tags: by ARN, lists in a member of their own. */
export const CLOUDFRONT_TAGGING: Tagging = {
  set: {
    service: "cloudfront",
    operation: "TagResource",
    input: ({ reported }, tags) => ({
      Resource: String(reported["arn"]),
      Tags: { Items: keyValueTags(tags) },
    }),
  },
  unset: {
    service: "cloudfront",
    operation: "UntagResource",
    input: ({ reported }, keys) => ({
      Resource: String(reported["arn"]),
      TagKeys: { Items: keys },
    }),
  },
};
