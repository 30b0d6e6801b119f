import type { ResourceDeclaration } from "../../declaration.ts";
import { text } from "../../property.ts";
import { onDemandPrice, productsOf } from "./prices.ts";
import { boundedBy, quotaOfVolumeType } from "../quotas/quota_of.ts";

/** A volume type that is in use; no call lists them. */
export const VOLUME_TYPE: ResourceDeclaration = {
  kind: "aws_ec2_volume_type",
  bases: ["volume_type"],
  description: "A type of volumes that is in use",
  list: {
    values: { kind: "aws_ec2_volume", path: "VolumeType" },
    as: "VolumeType",
  },
  details: [
    productsOf("VolumeType", "volumeApiName", { productFamily: "Storage" }),
  ],
  id: "VolumeType",
  properties: {
    name: text("VolumeType"),
    volume_type: text("VolumeType"),
    // Of a GB and month.
    ondemand_cost: onDemandPrice("GB-Mo"),
  },
  edges: [
    boundedBy("VolumeType", quotaOfVolumeType),
  ],
};
