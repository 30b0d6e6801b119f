import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  text,
  texts,
  valueKind,
} from "../../property.ts";
import type { JsonObject } from "@skymap/lib/plugin";
import { zoneId } from "./zone_id.ts";
import { RECORD_PAGES } from "./record_pages.ts";
import { recordId } from "./record_id.ts";

const geoLocation = valueKind("aws_route53_geo_location", {
  continent_code: text("ContinentCode"),
  country_code: text("CountryCode"),
  subdivision_code: text("SubdivisionCode"),
});

const aliasTarget = valueKind("aws_route53_alias_target", {
  hosted_zone_id: text("HostedZoneId"),
  dns_name: text("DNSName"),
  evaluate_target_health: flag("EvaluateTargetHealth"),
});

const cidrRoutingConfig = valueKind("aws_route53_cidr_routing_config", {
  collection_id: text("CollectionId"),
  location_name: text("LocationName"),
});

/** Whether a set is one of the two that every zone has, and goes with it. */
function isOfZone({ $zone, Name, Type }: Item): boolean {
  const zone = (($zone ?? {}) as Item)["HostedZone"] as Item | undefined;
  return Name === zone?.["Name"] && (Type === "NS" || Type === "SOA");
}

/** The set as Route 53 gave it: a deletion must name all of it. */
function setOf(item: Item): JsonObject {
  return Object.fromEntries(
    Object.entries(item).filter(([name]) => !name.startsWith("$")),
  ) as JsonObject;
}

/**
 * The values of a name, of one type. Those of the zone's own name servers and
 * authority go with the zone alone.
 */
export const RESOURCE_RECORD_SET: ResourceDeclaration = {
  kind: "aws_route53_resource_record_set",
  bases: ["dns_record_set"],
  description: "The values of a name, of one type (Route 53)",
  place: "global",
  list: {
    service: "route53",
    operation: "ListResourceRecordSets",
    result: "ResourceRecordSets[*]",
    pages: RECORD_PAGES,
    each: {
      kind: "aws_route53_zone",
      path: "Id",
      batch: 1,
      input: ([id = ""]) => ({ HostedZoneId: zoneId(id) }),
      as: "$zoneId",
    },
    // The zone was deleted after it was listed.
    none: ["NoSuchHostedZone"],
  },
  // Those of its zone alone.
  one: ({ reported }) => ({
    HostedZoneId: zoneId(String(reported["record_zone_id"])),
  }),
  details: [{
    as: "$zone",
    of: "$zoneId",
    service: "route53",
    operation: "GetHostedZone",
    askFor: ([id = ""]) => ({ Id: zoneId(id) }),
    none: ["NoSuchHostedZone"],
  }],
  id: {
    of: ["$zoneId", "Name", "Type"],
    optional: ["SetIdentifier"],
    read: recordId,
  },
  properties: {
    name: text("Name"),
    record_set_identifier: text("SetIdentifier"),
    record_type: text("Type"),
    record_weight: integer("Weight"),
    record_region: text("Region"),
    record_geo_location: object("GeoLocation", geoLocation),
    record_fail_over: text("Failover"),
    record_multi_value_answer: flag("MultiValueAnswer"),
    record_ttl: integer("TTL"),
    record_values: texts("ResourceRecords[*].Value"),
    record_alias_target: object("AliasTarget", aliasTarget),
    record_health_check_id: text("HealthCheckId"),
    record_traffic_policy_instance_id: text("TrafficPolicyInstanceId"),
    record_cidr_routing_config: object("CidrRoutingConfig", cidrRoutingConfig),
    record_name: text("Name"),
    record_zone_id: text("$zoneId"),
  },
  edges: [{
    predecessor: "aws_route53_zone",
    id: "$zone.HostedZone.Id",
    read: zoneId,
    deletedFirst: (item) => isOfZone(item) ? undefined : "self",
  }],
  remove: {
    refuse: (item) => isOfZone(item) ? "it goes with its zone" : undefined,
    calls: [{
      service: "route53",
      operation: "ChangeResourceRecordSets",
      input: (item) => ({
        HostedZoneId: zoneId(String(item["$zoneId"])),
        ChangeBatch: {
          Changes: [{ Action: "DELETE", ResourceRecordSet: setOf(item) }],
        },
      }),
    }],
    gone: ["NoSuchHostedZone"],
    later: ["PriorRequestNotComplete"],
  },
};
