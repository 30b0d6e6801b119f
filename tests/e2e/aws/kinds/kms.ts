import { KMS_RESOURCES } from "../../../../plugins/aws/resources/kms/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of kms. */
export const KMS_SUITE: KindsSuite = {
  module: "kms",
  resources: KMS_RESOURCES,
  unset: {
    aws_kms_key: {
      kms_valid_to: "moto has no key material from outside",
      kms_expiration_model: "moto has no key material from outside",
      kms_custom_key_store_id: "moto has no key stores",
      kms_cloud_hsm_cluster_id: "moto has no key stores",
      kms_pending_deletion_window_in_days:
        "moto tells it of no primary key that waits for its replicas",
      kms_mac_algorithms: "moto does not tell them",
    },
  },
};
