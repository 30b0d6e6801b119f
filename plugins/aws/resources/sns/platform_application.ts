import type { ResourceDeclaration } from "../../declaration.ts";
import { arnName } from "../../arn.ts";
import { text } from "../../property.ts";

/** What the AWS CLI calls an app on a service of push messages. */
export const PLATFORM_APPLICATION: ResourceDeclaration = {
  kind: "aws_sns_platform_application",
  description: "An app that gets push messages (SNS)",
  list: {
    service: "sns",
    operation: "ListPlatformApplications",
    result: "PlatformApplications[*]",
    pages: { input: "NextToken", output: "NextToken" },
    // Not every region has push messages.
    none: ["InvalidAction"],
  },
  id: "PlatformApplicationArn",
  properties: {
    arn: text("PlatformApplicationArn"),
    name: {
      ...text("PlatformApplicationArn"),
      convert: (arn) => arnName(String(arn)),
    },
    application_apple_certificate_expiry_date: text(
      "Attributes.AppleCertificateExpiryDate",
    ),
    application_apple_platform_team_id: text("Attributes.ApplePlatformTeamID"),
    application_apple_platform_bundle_id: text(
      "Attributes.ApplePlatformBundleID",
    ),
    application_event_endpoint_created: text("Attributes.EventEndpointCreated"),
    application_event_endpoint_deleted: text("Attributes.EventEndpointDeleted"),
    application_event_endpoint_updated: text("Attributes.EventEndpointUpdated"),
    application_event_endpoint_failure: text("Attributes.EventDeliveryFailure"),
  },
  edges: [
    { successor: "aws_sns_topic", id: "Attributes.EventEndpointCreated" },
    { successor: "aws_sns_topic", id: "Attributes.EventEndpointDeleted" },
    { successor: "aws_sns_topic", id: "Attributes.EventEndpointUpdated" },
    { successor: "aws_sns_topic", id: "Attributes.EventDeliveryFailure" },
  ],
  remove: {
    calls: [{
      service: "sns",
      operation: "DeletePlatformApplication",
      input: (_, { id }) => ({ PlatformApplicationArn: id }),
    }],
    gone: ["NotFoundException"],
  },
};
