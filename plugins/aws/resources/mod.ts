/**
 * Every kind of resources that is collected: one file each.
 *
 * @module
 */

import type { ResourceDeclaration } from "../declaration.ts";
import { ELASTIC_IP } from "./ec2/elastic_ip.ts";
import { IMAGE } from "./ec2/image.ts";
import { INSTANCE } from "./ec2/instance.ts";
import { INSTANCE_TYPE } from "./ec2/instance_type.ts";
import { KEY_PAIR } from "./ec2/key_pair.ts";
import { NETWORK_INTERFACE } from "./ec2/network_interface.ts";
import { SECURITY_GROUP } from "./ec2/security_group.ts";
import { SNAPSHOT } from "./ec2/snapshot.ts";
import { SUBNET } from "./ec2/subnet.ts";
import { VOLUME } from "./ec2/volume.ts";
import { VOLUME_TYPE } from "./ec2/volume_type.ts";
import { VPC } from "./ec2/vpc.ts";

/** The declarations, in no order that means anything. */
export const RESOURCES: readonly ResourceDeclaration[] = [
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
