import type { Tagging, Target } from "../../declaration.ts";

/** How API Gateway writes tags: by an ARN that its answers do not tell. */
export function apiGatewayTagging(path: (target: Target) => string): Tagging {
  const resourceArn = (target: Target): string =>
    `arn:${target.partition}:apigateway:${target.region}::${path(target)}`;
  return {
    set: {
      service: "apigateway",
      operation: "TagResource",
      action: "apigateway:PUT",
      input: (target, tags) => ({ resourceArn: resourceArn(target), tags }),
    },
    unset: {
      service: "apigateway",
      operation: "UntagResource",
      action: "apigateway:DELETE",
      input: (target, keys) => ({
        resourceArn: resourceArn(target),
        tagKeys: keys,
      }),
    },
  };
}
