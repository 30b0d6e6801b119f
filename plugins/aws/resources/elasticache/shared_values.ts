import {
  integer,
  object,
  text,
  type ValueDeclaration,
  valueKind,
} from "../../property.ts";

/** An address that a cache answers at. */
export const endpoint: ValueDeclaration = valueKind(
  "aws_elasticache_endpoint",
  {
    address: text("Address"),
    port: integer("Port"),
  },
);

const destinationDetails = valueKind("aws_elasticache_destination_details", {
  cloud_watch_logs_details: text("CloudWatchLogsDetails.LogGroup"),
  kinesis_firehose_details: text("KinesisFirehoseDetails.DeliveryStream"),
});

/** Where a log will be sent to. */
export const pendingLogDeliveryConfiguration: ValueDeclaration = valueKind(
  "aws_elasticache_pending_log_delivery_configuration",
  {
    log_type: text("LogType"),
    destination_type: text("DestinationType"),
    destination_details: object("DestinationDetails", destinationDetails),
    log_format: text("LogFormat"),
  },
);

/** Where a log is sent to. */
export const logDeliveryConfiguration: ValueDeclaration = valueKind(
  "aws_elasticache_log_delivery_configuration",
  {
    log_type: text("LogType"),
    destination_type: text("DestinationType"),
    destination_details: object("DestinationDetails", destinationDetails),
    log_format: text("LogFormat"),
    status: text("Status"),
    message: text("Message"),
  },
);
