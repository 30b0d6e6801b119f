import type { JsonObject } from "@skymap/lib/plugin";
import type { Tagging, Target } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

type Tags = Readonly<Record<string, string>>;

/** How S3 says that a bucket has no tags. */
export const NO_TAGS: readonly string[] = ["NoSuchTagSet"];

const tagsOf = ({ reported }: Target): Tags => (reported["tags"] ?? {}) as Tags;

const whole = ({ id }: Target, tags: Tags): JsonObject => ({
  Bucket: id,
  Tagging: { TagSet: keyValueTags(tags) },
});

/** S3 writes all tags of a bucket at once: what is there is written again. */
export const BUCKET_TAGGING: Tagging = {
  current: {
    service: "s3",
    operation: "GetBucketTagging",
    input: ({ id }) => ({ Bucket: id }),
    result: "TagSet",
    none: NO_TAGS,
  },
  set: {
    service: "s3",
    operation: "PutBucketTagging",
    input: (target, tags) => whole(target, { ...tagsOf(target), ...tags }),
  },
  unset: {
    service: "s3",
    operation: "PutBucketTagging",
    input: (target, keys) =>
      whole(
        target,
        Object.fromEntries(
          Object.entries(tagsOf(target)).filter(([key]) => !keys.includes(key)),
        ),
      ),
  },
};
