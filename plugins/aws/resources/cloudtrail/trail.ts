import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  valueKind,
  volatile,
} from "../../property.ts";
import { kmsKeyId } from "../../arn.ts";
import { keyValueTags } from "../key_value_tags.ts";
import { logGroupOfArn } from "../logs/log_group_of_arn.ts";

const dataResource = valueKind("aws_cloud_trail_data_resource", {
  type: text("Type"),
  values: texts("Values[*]"),
});

const eventSelector = valueKind("aws_cloud_trail_event_selector", {
  read_write_type: text("ReadWriteType"),
  include_management_events: flag("IncludeManagementEvents"),
  data_resources: objects("DataResources", dataResource),
  exclude_management_event_sources: texts("ExcludeManagementEventSources[*]"),
});

const advancedFieldSelector = valueKind(
  "aws_cloud_trail_advanced_field_selector",
  {
    selector_field: text("Field"),
    equals: texts("Equals[*]"),
    starts_with: texts("StartsWith[*]"),
    ends_with: texts("EndsWith[*]"),
    not_equals: texts("NotEquals[*]"),
    not_starts_with: texts("NotStartsWith[*]"),
    not_ends_with: texts("NotEndsWith[*]"),
  },
);

const advancedEventSelector = valueKind(
  "aws_cloud_trail_advanced_event_selector",
  {
    name: text("Name"),
    field_selectors: objects("FieldSelectors", advancedFieldSelector),
  },
);

const eventSelectors = valueKind("aws_cloud_trail_event_selectors", {
  event_selectors: objects("EventSelectors", eventSelector),
  advanced_event_selectors: objects(
    "AdvancedEventSelectors",
    advancedEventSelector,
  ),
});

const status = valueKind("aws_cloud_trail_status", {
  is_logging: flag("IsLogging"),
  latest_delivery_error: text("LatestDeliveryError"),
  latest_notification_error: text("LatestNotificationError"),
  latest_delivery_time: volatile(time("LatestDeliveryTime")),
  latest_notification_time: volatile(time("LatestNotificationTime")),
  start_logging_time: time("StartLoggingTime"),
  stop_logging_time: time("StopLoggingTime"),
  latest_cloud_watch_logs_delivery_error: text(
    "LatestCloudWatchLogsDeliveryError",
  ),
  latest_cloud_watch_logs_delivery_time: volatile(
    time("LatestCloudWatchLogsDeliveryTime"),
  ),
  latest_digest_delivery_time: volatile(time("LatestDigestDeliveryTime")),
  latest_digest_delivery_error: text("LatestDigestDeliveryError"),
  latest_delivery_attempt_time: volatile(time("LatestDeliveryAttemptTime")),
  latest_notification_attempt_time: volatile(
    time("LatestNotificationAttemptTime"),
  ),
  latest_notification_attempt_succeeded: volatile(
    time("LatestNotificationAttemptSucceeded"),
  ),
  latest_delivery_attempt_succeeded: volatile(
    time("LatestDeliveryAttemptSucceeded"),
  ),
  time_logging_started: time("TimeLoggingStarted"),
  time_logging_stopped: time("TimeLoggingStopped"),
});

/** Whether a trail is the account's, and not one that its organization shows. */
function isOwn({ TrailARN, $account }: Item): boolean {
  return String(TrailARN).split(":")[4] === $account;
}

/** A trail, where its home is. */
export const TRAIL: ResourceDeclaration = {
  kind: "aws_cloud_trail",
  description: "A record of the account's API calls (CloudTrail)",
  categories: ["security", "management"],
  list: {
    service: "cloudtrail",
    operation: "DescribeTrails",
    result: "trailList[*]",
    // Other regions list copies of it.
    where: ({ HomeRegion }, region) => HomeRegion === region,
  },
  one: ({ reported }) => ({ trailNameList: [String(reported["arn"])] }),
  details: [
    {
      as: "$status",
      of: "TrailARN",
      service: "cloudtrail",
      operation: "GetTrailStatus",
      askFor: ([arn = ""]) => ({ Name: arn }),
      none: ["TrailNotFoundException"],
    },
    {
      as: "$events",
      of: "TrailARN",
      service: "cloudtrail",
      operation: "GetEventSelectors",
      askFor: ([arn = ""]) => ({ TrailName: arn }),
      none: ["TrailNotFoundException"],
    },
    {
      as: "$insights",
      of: "TrailARN",
      service: "cloudtrail",
      operation: "GetInsightSelectors",
      askFor: ([arn = ""]) => ({ TrailName: arn }),
      none: ["InsightNotEnabledException", "TrailNotFoundException"],
    },
    {
      as: "$tags",
      of: "TrailARN",
      service: "cloudtrail",
      operation: "ListTags",
      askFor: (arns) => ({ ResourceIdList: arns }),
      // Those of a trail of the organization are told its own account alone.
      region: (item) => isOwn(item) ? String(item["$region"]) : undefined,
      result: "ResourceTagList[*]",
      pages: { input: "NextToken", output: "NextToken" },
    },
  ],
  id: "Name",
  properties: {
    tags: tags("$tags.TagsList"),
    name: text("Name"),
    arn: text("TrailARN"),
    trail_s3_bucket_name: text("S3BucketName"),
    trail_s3_key_prefix: text("S3KeyPrefix"),
    trail_sns_topic_name: text("SnsTopicName"),
    trail_sns_topic_arn: text("SnsTopicARN"),
    trail_include_global_service_events: flag("IncludeGlobalServiceEvents"),
    trail_is_multi_region_trail: flag("IsMultiRegionTrail"),
    trail_home_region: text("HomeRegion"),
    trail_log_file_validation_enabled: flag("LogFileValidationEnabled"),
    trail_cloud_watch_logs_log_group_arn: text("CloudWatchLogsLogGroupArn"),
    trail_cloud_watch_logs_role_arn: text("CloudWatchLogsRoleArn"),
    trail_kms_key_id: text("KmsKeyId"),
    trail_has_custom_event_selectors: flag("HasCustomEventSelectors"),
    trail_has_insight_selectors: flag("HasInsightSelectors"),
    trail_is_organization_trail: flag("IsOrganizationTrail"),
    trail_status: object("$status", status),
    trail_event_selectors: object("$events", eventSelectors),
    trail_insight_selectors: texts("$insights.InsightSelectors[*].InsightType"),
  },
  edges: [
    {
      successor: "aws_s3_bucket",
      id: "S3BucketName",
      anywhere: true,
      deletedFirst: "self",
    },
    { successor: "aws_sns_topic", id: "SnsTopicARN" },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudwatch_log_group",
      id: "CloudWatchLogsLogGroupArn",
      read: logGroupOfArn,
    },
  ],
  remove: {
    refuse: ({ IsOrganizationTrail, TrailARN }) =>
      IsOrganizationTrail === true
        ? `it belongs to the organization: ${TrailARN}`
        : undefined,
    calls: [{
      service: "cloudtrail",
      operation: "DeleteTrail",
      input: (_, { id }) => ({ Name: id }),
    }],
    gone: ["TrailNotFoundException"],
    later: ["ConflictException"],
  },
  tagging: {
    set: {
      service: "cloudtrail",
      operation: "AddTags",
      input: ({ reported }, tags) => ({
        ResourceId: String(reported["arn"]),
        TagsList: keyValueTags(tags),
      }),
    },
    unset: {
      service: "cloudtrail",
      operation: "RemoveTags",
      input: ({ reported }, keys) => ({
        ResourceId: String(reported["arn"]),
        TagsList: keys.map((Key) => ({ Key })),
      }),
    },
  },
};
