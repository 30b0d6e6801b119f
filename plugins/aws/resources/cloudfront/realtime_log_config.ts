import type { ResourceDeclaration } from "../../declaration.ts";
import {
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  valueKind,
} from "../../property.ts";
import { arnName } from "../../arn.ts";
import { CLOUDFRONT_TAGGING } from "./cloudfront_tagging.ts";
import { CLOUDFRONT_TAGS } from "./cloudfront_tags.ts";
import { CLOUDFRONT_PAGES } from "./cloudfront_list.ts";

const kinesisStreamConfig = valueKind("aws_cloudfront_kinesis_stream_config", {
  role_arn: text("RoleARN"),
  stream_arn: text("StreamARN"),
});

const endPoint = valueKind("aws_cloudfront_end_point", {
  stream_type: text("StreamType"),
  kinesis_stream_config: object("KinesisStreamConfig", kinesisStreamConfig),
});

/** What is logged of requests as they come. */
export const REALTIME_LOG_CONFIG: ResourceDeclaration = {
  kind: "aws_cloudfront_realtime_log_config",
  description: "What is logged of requests at once (CloudFront)",
  categories: ["networking", "monitoring"],
  place: "global",
  list: {
    service: "cloudfront",
    operation: "ListRealtimeLogConfigs",
    result: "RealtimeLogConfigs.Items[*]",
    omitsEmpty: true,
    pages: { ...CLOUDFRONT_PAGES, output: "RealtimeLogConfigs.NextMarker" },
  },
  details: [CLOUDFRONT_TAGS],
  id: "Name",
  properties: {
    tags: tags("$tags.Tags.Items"),
    name: text("Name"),
    arn: text("ARN"),
    realtime_log_sampling_rate: integer("SamplingRate"),
    realtime_log_end_points: objects("EndPoints", endPoint),
    realtime_log_fields: texts("Fields[*]"),
  },
  edges: [{
    successor: "aws_kinesis_stream",
    id: "EndPoints[*].KinesisStreamConfig.StreamARN",
    read: arnName,
  }],
  remove: {
    calls: [{
      service: "cloudfront",
      operation: "DeleteRealtimeLogConfig",
      input: (_, { id }) => ({ Name: id }),
    }],
    gone: ["NoSuchRealtimeLogConfig"],
  },
  tagging: CLOUDFRONT_TAGGING,
};
