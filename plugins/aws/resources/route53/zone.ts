import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  tags,
  text,
  valueKind,
} from "../../property.ts";
import { keyValueTags } from "../key_value_tags.ts";
import { zoneId } from "./zone_id.ts";
import { logGroupOfArn } from "../logs/log_group_of_arn.ts";

const zoneConfig = valueKind("aws_route53_zone_config", {
  comment: text("Comment"),
  private_zone: flag("PrivateZone"),
});

const linkedService = valueKind("aws_route53_linked_service", {
  service_principal: text("ServicePrincipal"),
  description: text("Description"),
});

const loggingConfig = valueKind("aws_route53_logging_config", {
  id: text("Id"),
  cloud_watch_logs_log_group_arn: text("CloudWatchLogsLogGroupArn"),
});

/** An answer whose zones are named as the list of zones names them. */
function withZonePaths(answer: Item): Item {
  const configs = answer["QueryLoggingConfigs"];
  if (!Array.isArray(configs)) return answer;
  return {
    ...answer,
    QueryLoggingConfigs: configs.map((config: Item) => ({
      ...config,
      HostedZoneId: `/hostedzone/${zoneId(String(config["HostedZoneId"]))}`,
    })),
  };
}

/**
 * A zone of names. One that holds more than the two records that every zone has is
 * not deleted.
 */
export const ZONE: ResourceDeclaration = {
  kind: "aws_route53_zone",
  bases: ["dns_zone"],
  description: "A zone of names, public or of VPCs (Route 53)",
  place: "global",
  list: {
    service: "route53",
    operation: "ListHostedZones",
    result: "HostedZones[*]",
    pages: { input: "Marker", output: "NextMarker", size: ["MaxItems", 100] },
  },
  details: [
    {
      as: "$tags",
      of: "Id",
      service: "route53",
      operation: "ListTagsForResource",
      input: { ResourceType: "hostedzone" },
      askFor: ([id = ""]) => ({ ResourceId: zoneId(id) }),
      none: ["NoSuchHostedZone"],
    },
    {
      as: "$logging",
      of: "Id",
      all: true,
      service: "route53",
      operation: "ListQueryLoggingConfigs",
      askFor: () => ({}),
      read: withZonePaths,
      result: "QueryLoggingConfigs[*]",
      pages: { input: "NextToken", output: "NextToken" },
      match: "HostedZoneId",
    },
  ],
  id: { of: ["Id"], read: zoneId },
  properties: {
    tags: tags("$tags.ResourceTagSet.Tags"),
    name: text("Name"),
    zone_caller_reference: text("CallerReference"),
    zone_config: object("Config", zoneConfig),
    zone_linked_service: object("LinkedService", linkedService),
    private_zone: flag("Config.PrivateZone"),
    zone_resource_record_set_count: integer("ResourceRecordSetCount"),
    zone_logging_config: object("$logging", loggingConfig),
  },
  edges: [{
    successor: "aws_cloudwatch_log_group",
    id: "$logging.CloudWatchLogsLogGroupArn",
    read: logGroupOfArn,
  }],
  remove: {
    // Its own two records, of its name servers and its authority, go with it.
    refuse: ({ LinkedService, ResourceRecordSetCount }) =>
      LinkedService !== undefined
        ? "it belongs to another service"
        : Number(ResourceRecordSetCount) > 2
        ? "it holds other records than its own two"
        : undefined,
    calls: [{
      service: "route53",
      operation: "DeleteHostedZone",
      input: (_, { id }) => ({ Id: id }),
    }],
    gone: ["NoSuchHostedZone"],
    later: ["PriorRequestNotComplete"],
    follows: { zone_resource_record_set_count: "less" },
  },
  tagging: {
    set: {
      service: "route53",
      operation: "ChangeTagsForResource",
      input: ({ id }, tags) => ({
        ResourceType: "hostedzone",
        ResourceId: id,
        AddTags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "route53",
      operation: "ChangeTagsForResource",
      input: ({ id }, keys) => ({
        ResourceType: "hostedzone",
        ResourceId: id,
        RemoveTagKeys: keys,
      }),
    },
  },
};
