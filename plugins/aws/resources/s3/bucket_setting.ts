import type { DetailCall } from "../../declaration.ts";

/**
 * A setting of a bucket, which has a call of its own. A bucket that was deleted
 * meanwhile has none.
 */
export function bucketSetting(
  as: string,
  operation: string,
  { action, none = [] }: {
    /** IAM action, where it is not that of the operation's name. */
    readonly action?: string;
    /** Error codes that say that nobody set it. */
    readonly none?: readonly string[];
  } = {},
): DetailCall {
  return {
    as,
    of: "Name",
    service: "s3",
    operation,
    ...(action !== undefined && { action }),
    askFor: ([Bucket = ""]) => ({ Bucket }),
    none: ["NoSuchBucket", ...none],
  };
}
