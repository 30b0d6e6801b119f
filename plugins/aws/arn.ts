import type { Target } from "./declaration.ts";

/** The ARN of what a service names `resource` beside the target. */
export function arnOf(
  { account, partition, region }: Pick<
    Target,
    "account" | "partition" | "region"
  >,
  service: string,
  resource: string,
): string {
  return `arn:${partition}:${service}:${region}:${account}:${resource}`;
}

/** The part of an ARN after the account, or undefined for what is no ARN. */
function resourceOf(value: string): string | undefined {
  const [arn, , , , , ...rest] = value.split(":");
  return arn === "arn" && rest.length > 0 ? rest.join(":") : undefined;
}

/** Gives the ARNs of one service, and nothing else. */
export function ofService(
  service: string,
): (arn: string) => string | undefined {
  return (arn) =>
    arn.startsWith("arn:") && arn.split(":")[2] === service ? arn : undefined;
}

/**
 * The name at the end of an ARN, such as `table/orders` or `key:orders`; what is
 * no ARN is the name itself.
 */
export function arnName(value: string): string {
  return (resourceOf(value) ?? value).split(/[/:]/).at(-1) ?? value;
}

/**
 * The id of a KMS key by its ARN or id; undefined for an alias, which can be
 * moved to another key.
 */
export function kmsKeyId(value: string): string | undefined {
  const resource = resourceOf(value) ?? value;
  return resource.startsWith("alias/") ? undefined : arnName(value);
}

/** The bucket of the ARN of a bucket or of what is in it. */
export function s3BucketName(value: string): string | undefined {
  if (!value.startsWith("arn:") || value.split(":")[2] !== "s3") return;
  return resourceOf(value)?.split("/")[0];
}
