import type { ResourceDeclaration } from "../../declaration.ts";
import { ELASTIC_IP } from "./elastic_ip.ts";
import { IMAGE } from "./image.ts";
import { INSTANCE } from "./instance.ts";
import { INSTANCE_TYPE } from "./instance_type.ts";
import { KEY_PAIR } from "./key_pair.ts";
import { NETWORK_INTERFACE } from "./network_interface.ts";
import { SECURITY_GROUP } from "./security_group.ts";
import { SNAPSHOT } from "./snapshot.ts";
import { SUBNET } from "./subnet.ts";
import { VOLUME } from "./volume.ts";
import { VOLUME_TYPE } from "./volume_type.ts";
import { VPC } from "./vpc.ts";

/** What EC2 has: machines, volumes and networks. */
export const EC2_RESOURCES: readonly ResourceDeclaration[] = [
  ELASTIC_IP,
  IMAGE,
  INSTANCE,
  INSTANCE_TYPE,
  KEY_PAIR,
  NETWORK_INTERFACE,
  SECURITY_GROUP,
  SNAPSHOT,
  SUBNET,
  VOLUME,
  VOLUME_TYPE,
  VPC,
];
