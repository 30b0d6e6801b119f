import type { Item, ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  policy,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";

const primaryKey = valueKind("aws_kms_multiregion_primary_key", {
  arn: text("Arn"),
  region: text("Region"),
});

const replicaKey = valueKind("aws_kms_multiregion_replica_key", {
  arn: text("Arn"),
  region: text("Region"),
});

const multiRegionConfig = valueKind("aws_kms_multiregion_config", {
  multi_region_key_type: text("MultiRegionKeyType"),
  primary_key: object("PrimaryKey", primaryKey),
  replica_keys: objects("ReplicaKeys", replicaKey),
});

const PAGES = {
  input: "Marker",
  output: "NextMarker",
  size: ["Limit", 1000],
} as const;

/** States of a key whose deletion is under way: it cannot be used any more. */
const DELETED = ["PendingDeletion", "PendingReplicaDeletion"];

const metadata = (item: Item): Readonly<Record<string, unknown>> =>
  (item["$key"] ?? {}) as Readonly<Record<string, unknown>>;

/** A key that encrypts, signs or makes codes. */
export const KEY: ResourceDeclaration = {
  kind: "aws_kms_key",
  bases: ["access_key"],
  description: "A key that encrypts, signs or authenticates",
  list: {
    service: "kms",
    operation: "ListKeys",
    result: "Keys[*]",
    pages: PAGES,
  },
  details: [
    {
      as: "$key",
      of: "KeyId",
      service: "kms",
      operation: "DescribeKey",
      askFor: ([KeyId = ""]) => ({ KeyId }),
      result: "KeyMetadata",
    },
    {
      as: "$aliases",
      of: "KeyId",
      all: true,
      many: true,
      service: "kms",
      operation: "ListAliases",
      askFor: () => ({}),
      result: "Aliases[*]",
      match: "TargetKeyId",
      pages: { ...PAGES, size: ["Limit", 100] },
    },
    {
      as: "$tags",
      of: "KeyId",
      many: true,
      service: "kms",
      operation: "ListResourceTags",
      askFor: ([KeyId = ""]) => ({ KeyId }),
      result: "Tags[*]",
      pages: { ...PAGES, size: ["Limit", 50] },
    },
    {
      as: "$policy",
      of: "KeyId",
      service: "kms",
      operation: "GetKeyPolicy",
      askFor: ([KeyId = ""]) => ({ KeyId, PolicyName: "default" }),
    },
    {
      as: "$rotation",
      of: "KeyId",
      service: "kms",
      operation: "GetKeyRotationStatus",
      askFor: ([KeyId = ""]) => ({ KeyId }),
      // Keys of two halves and keys from outside do not rotate, and one that is
      // to be deleted has no status any more.
      none: ["UnsupportedOperationException", "KMSInvalidStateException"],
    },
  ],
  id: "KeyId",
  properties: {
    tags: tags("$tags"),
    name: text("$aliases[*].AliasName", "KeyId"),
    ctime: time("$key.CreationDate"),
    arn: text("KeyArn"),
    access_key_status: text("$key.KeyState"),
    kms_aliases: unordered(texts("$aliases[*].AliasName")),
    kms_aws_account_id: text("$key.AWSAccountId"),
    kms_enabled: flag("$key.Enabled"),
    kms_description: text("$key.Description"),
    kms_key_usage: text("$key.KeyUsage"),
    kms_origin: text("$key.Origin"),
    kms_key_manager: text("$key.KeyManager"),
    kms_customer_master_key_spec: text("$key.CustomerMasterKeySpec"),
    kms_key_spec: text("$key.KeySpec"),
    kms_encryption_algorithms: texts("$key.EncryptionAlgorithms[*]"),
    kms_multi_region: flag("$key.MultiRegion"),
    kms_deletion_date: text("$key.DeletionDate"),
    kms_valid_to: text("$key.ValidTo"),
    kms_custom_key_store_id: text("$key.CustomKeyStoreId"),
    kms_cloud_hsm_cluster_id: text("$key.CloudHsmClusterId"),
    kms_expiration_model: text("$key.ExpirationModel"),
    kms_signing_algorithms: texts("$key.SigningAlgorithms[*]"),
    kms_multiregion_configuration: object(
      "$key.MultiRegionConfiguration",
      multiRegionConfig,
    ),
    kms_pending_deletion_window_in_days: integer(
      "$key.PendingDeletionWindowInDays",
    ),
    kms_mac_algorithms: texts("$key.MacAlgorithms[*]"),
    kms_key_rotation_enabled: flag("$rotation.KeyRotationEnabled"),
    kms_key_policy: policy("$policy.Policy"),
  },
  remove: {
    refuse: (item) =>
      metadata(item)["KeyManager"] === "AWS"
        ? "AWS keeps it for its services"
        : undefined,
    // What it encrypted is lost with it: it can be called back for 30 days.
    calls: [
      {
        service: "kms",
        operation: "ScheduleKeyDeletion",
        input: (_item, { id }) => ({ KeyId: id, PendingWindowInDays: 30 }),
      },
    ],
    isGone: (item) => DELETED.includes(String(metadata(item)["KeyState"])),
    gone: ["NotFoundException"],
  },
  tagging: {
    set: {
      service: "kms",
      operation: "TagResource",
      input: ({ id }, tags) => ({
        KeyId: id,
        Tags: Object.entries(tags)
          .map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
      }),
    },
    unset: {
      service: "kms",
      operation: "UntagResource",
      input: ({ id }, keys) => ({ KeyId: id, TagKeys: [...keys] }),
    },
  },
};
