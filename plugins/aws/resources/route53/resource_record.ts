import type { ResourceDeclaration } from "../../declaration.ts";
import { integer, text } from "../../property.ts";
import { zoneId } from "./zone_id.ts";
import { RECORD_PAGES } from "./record_pages.ts";
import { recordId } from "./record_id.ts";
import { recordsOf } from "./records_of.ts";

/** One value of a name. */
export const RESOURCE_RECORD: ResourceDeclaration = {
  kind: "aws_route53_resource_record",
  bases: ["dns_record"],
  description: "One value of a name (Route 53)",
  place: "global",
  list: {
    service: "route53",
    operation: "ListResourceRecordSets",
    result: "Records[*]",
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
    read: recordsOf,
  },
  // Those of its zone alone.
  one: ({ reported }) => ({
    HostedZoneId: zoneId(String(reported["record_zone_id"])),
  }),
  id: {
    of: ["$zoneId", "Name", "Type", "Value"],
    optional: ["SetIdentifier"],
    read: (zone, name, type, value, set = "") =>
      `${recordId(zone, name, type, set)}/${value}`,
  },
  properties: {
    name: text("Name"),
    record_ttl: integer("TTL"),
    record_type: text("Type"),
    record_value: text("Value"),
    record_data: text("Data"),
    record_priority: integer("Priority"),
    record_port: integer("Port"),
    record_weight: integer("Weight"),
    record_flags: integer("Flags"),
    record_tag: text("Tag"),
    record_mname: text("Mname"),
    record_rname: text("Rname"),
    record_serial: integer("Serial"),
    record_refresh: integer("Refresh"),
    record_retry: integer("Retry"),
    record_expire: integer("Expire"),
    record_minimum: integer("Minimum"),
    record_zone_id: text("$zoneId"),
  },
  edges: [{
    predecessor: "aws_route53_resource_record_set",
    id: {
      of: ["$zoneId", "Name", "Type"],
      optional: ["SetIdentifier"],
      read: recordId,
    },
  }],
};
