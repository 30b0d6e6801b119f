import { arnOf } from "../../arn.ts";
import type { DetailCall, Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/** Athena's two kinds, as its ARNs call them. */
export type AthenaType = "workgroup" | "datacatalog";

/** How Athena tells tags, by ARNs that it gives nowhere itself. */
export function athenaTags(type: AthenaType, of: string): DetailCall {
  return {
    as: "$tags",
    of,
    many: true,
    service: "athena",
    operation: "ListTagsForResource",
    askFor: ([name = ""], item) => ({
      ResourceARN: arnOf(
        {
          account: String(item["$account"]),
          partition: String(item["$partition"]),
          region: String(item["$region"]),
        },
        "athena",
        `${type}/${name}`,
      ),
    }),
    result: "Tags[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
    // The catalog of AWS Glue, which is always there, cannot have any.
    none: ["ResourceNotFoundException", "InvalidRequestException"],
  };
}

/** How Athena tags. */
export function athenaTagging(type: AthenaType): Tagging {
  return {
    set: {
      service: "athena",
      operation: "TagResource",
      input: (target, tags) => ({
        ResourceARN: arnOf(target, "athena", `${type}/${target.id}`),
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "athena",
      operation: "UntagResource",
      input: (target, keys) => ({
        ResourceARN: arnOf(target, "athena", `${type}/${target.id}`),
        TagKeys: [...keys],
      }),
    },
  };
}
