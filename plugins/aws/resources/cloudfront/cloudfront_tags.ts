import type { DetailCall } from "../../declaration.ts";

/** Reads the tags of what has an ARN. */
export const CLOUDFRONT_TAGS: DetailCall = {
  as: "$tags",
  of: "ARN",
  service: "cloudfront",
  operation: "ListTagsForResource",
  askFor: ([arn = ""]) => ({ Resource: arn }),
  none: ["NoSuchResource"],
};
