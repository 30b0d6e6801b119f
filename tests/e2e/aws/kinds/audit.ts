import { CLOUDTRAIL_RESOURCES } from "../../../../plugins/aws/resources/cloudtrail/mod.ts";
import { CONFIG_RESOURCES } from "../../../../plugins/aws/resources/config/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of audit. */
export const AUDIT_SUITE: KindsSuite = {
  module: "audit",
  resources: [...CLOUDTRAIL_RESOURCES, ...CONFIG_RESOURCES],
  unlinked: {
    aws_cloud_trail: { aws_s3_bucket: "core searches for the bucket" },
  },
  notTagged: { aws_config_recorder: "moto gives no ARN of it" },
  unset: {
    aws_cloud_trail: notGiven(
      "trail_status.latest_delivery_error",
      "trail_status.latest_notification_error",
      "trail_status.latest_notification_time",
      "trail_status.latest_cloud_watch_logs_delivery_error",
      "trail_status.latest_cloud_watch_logs_delivery_time",
      "trail_status.latest_digest_delivery_time",
      "trail_status.latest_digest_delivery_error",
      "trail_status.latest_notification_attempt_time",
      "trail_status.latest_notification_attempt_succeeded",
      "trail_status.latest_delivery_attempt_succeeded",
    ),
    aws_config_recorder: notGiven(
      "arn",
      "recorder_status.last_stop_time",
      "recorder_status.last_error_code",
      "recorder_status.last_error_message",
    ),
  },
};
