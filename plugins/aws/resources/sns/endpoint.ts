import type { ResourceDeclaration } from "../../declaration.ts";
import { flag, text } from "../../property.ts";

/** A device that gets push messages of SNS. */
export const ENDPOINT: ResourceDeclaration = {
  kind: "aws_sns_endpoint",
  description: "A device that gets push messages (SNS)",
  list: {
    service: "sns",
    operation: "ListEndpointsByPlatformApplication",
    result: "Endpoints[*]",
    pages: { input: "NextToken", output: "NextToken" },
    none: ["NotFoundException"],
    each: {
      kind: "aws_sns_platform_application",
      path: "PlatformApplicationArn",
      batch: 1,
      input: ([arn = ""]) => ({ PlatformApplicationArn: arn }),
      as: "$application",
    },
  },
  id: "EndpointArn",
  properties: {
    arn: text("EndpointArn"),
    endpoint_enabled: flag("Attributes.Enabled"),
    endpoint_token: text("Attributes.Token"),
  },
  edges: [{
    predecessor: "aws_sns_platform_application",
    id: "$application",
    deletedFirst: "self",
  }],
  remove: {
    calls: [{
      service: "sns",
      operation: "DeleteEndpoint",
      input: (_, { id }) => ({ EndpointArn: id }),
    }],
    gone: ["NotFoundException"],
  },
};
