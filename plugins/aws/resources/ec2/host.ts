import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";

const instanceCapacity = valueKind("aws_ec2_instance_capacity", {
  available_capacity: integer("AvailableCapacity"),
  instance_type: text("InstanceType"),
  total_capacity: integer("TotalCapacity"),
});

const availableCapacity = valueKind("aws_ec2_available_capacity", {
  available_instance_capacity: objects(
    "AvailableInstanceCapacity",
    instanceCapacity,
  ),
  available_v_cpus: integer("AvailableVCpus"),
});

const hostProperties = valueKind("aws_ec2_host_properties", {
  cores: integer("Cores"),
  instance_type: text("InstanceType"),
  instance_family: text("InstanceFamily"),
  sockets: integer("Sockets"),
  total_v_cpus: integer("TotalVCpus"),
});

const hostInstance = valueKind("aws_ec2_host_instance", {
  instance_id: text("InstanceId"),
  instance_type: text("InstanceType"),
  owner_id: text("OwnerId"),
});

/** States of one that is given back; AWS shows it for a while. */
const RELEASED = ["released", "released-permanent-failure"];

function isReleased(item: Item): boolean {
  return RELEASED.includes(String(item["State"]));
}

/** A dedicated host. */
export const HOST: ResourceDeclaration = {
  kind: "aws_ec2_host",
  description: "A physical machine for the account alone (dedicated host)",
  categories: ["compute"],
  list: {
    service: "ec2",
    operation: "DescribeHosts",
    result: "Hosts[*]",
    pages: EC2_PAGES,
  },
  id: "HostId",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    ctime: time("AllocationTime"),
    host_auto_placement: text("AutoPlacement"),
    host_availability_zone: text("AvailabilityZone"),
    host_available_capacity: object("AvailableCapacity", availableCapacity),
    host_client_token: text("ClientToken"),
    host_properties: object("HostProperties", hostProperties),
    host_reservation_id: text("HostReservationId"),
    host_instances: objects("Instances", hostInstance),
    host_state: text("State"),
    host_release_time: time("ReleaseTime"),
    host_recovery: text("HostRecovery"),
    host_allows_multiple_instance_types: text("AllowsMultipleInstanceTypes"),
    host_owner_id: text("OwnerId"),
    host_availability_zone_id: text("AvailabilityZoneId"),
    host_member_of_service_linked_resource_group: flag(
      "MemberOfServiceLinkedResourceGroup",
    ),
    host_outpost_arn: text("OutpostArn"),
  },
  edges: [{
    successor: "aws_ec2_instance",
    id: "Instances[*].InstanceId",
    deletedFirst: (item) => isReleased(item) ? undefined : "other",
  }],
  remove: {
    calls: [{
      service: "ec2",
      operation: "ReleaseHosts",
      input: (_item, { id }) => ({ HostIds: [id] }),
    }],
    isGone: isReleased,
    gone: ["InvalidHostID.NotFound"],
    follows: {
      host_available_capacity: "any",
      host_instances: "less",
    },
  },
  tagging: ec2Tagging(),
};
