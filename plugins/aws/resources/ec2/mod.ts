import type { ResourceDeclaration } from "../../declaration.ts";
import { ELASTIC_IP } from "./elastic_ip.ts";
import { FLOW_LOG } from "./flow_log.ts";
import { HOST } from "./host.ts";
import { IMAGE } from "./image.ts";
import { INSTANCE } from "./instance.ts";
import { INSTANCE_TYPE } from "./instance_type.ts";
import { INTERNET_GATEWAY } from "./internet_gateway.ts";
import { KEY_PAIR } from "./key_pair.ts";
import { LAUNCH_TEMPLATE } from "./launch_template.ts";
import { NAT_GATEWAY } from "./nat_gateway.ts";
import { NETWORK_ACL } from "./network_acl.ts";
import { NETWORK_INTERFACE } from "./network_interface.ts";
import { RESERVED_INSTANCES } from "./reserved_instances.ts";
import { ROUTE_TABLE } from "./route_table.ts";
import { SECURITY_GROUP } from "./security_group.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { SUBNET } from "./subnet.ts";
import { VOLUME } from "./volume.ts";
import { VOLUME_TYPE } from "./volume_type.ts";
import { VPC } from "./vpc.ts";
import { VPC_ENDPOINT } from "./vpc_endpoint.ts";
import { VPC_PEERING_CONNECTION } from "./vpc_peering_connection.ts";

/** What EC2 has: machines, volumes and networks. */
export const EC2_RESOURCES: readonly ResourceDeclaration[] = [
  ELASTIC_IP,
  FLOW_LOG,
  HOST,
  IMAGE,
  INSTANCE,
  INSTANCE_TYPE,
  INTERNET_GATEWAY,
  KEY_PAIR,
  LAUNCH_TEMPLATE,
  NAT_GATEWAY,
  NETWORK_ACL,
  NETWORK_INTERFACE,
  RESERVED_INSTANCES,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SNAPSHOT,
  SUBNET,
  VOLUME,
  VOLUME_TYPE,
  VPC,
  VPC_ENDPOINT,
  VPC_PEERING_CONNECTION,
];
