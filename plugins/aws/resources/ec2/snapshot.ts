import { kmsKeyId } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { parsePath, readFirst } from "../../path.ts";
import { flag, integer, tags, text, time } from "../../property.ts";
import { EC2_PAGES } from "./ec2_pages.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";

/** Tag of the snapshots that belong to AWS Backup. */
const BACKUP = parsePath("Tags[aws:backup:source-resource]");

/** A snapshot of a volume that this account owns. */
export const SNAPSHOT: ResourceDeclaration = {
  kind: "aws_ec2_snapshot",
  bases: ["snapshot"],
  description: "A snapshot of a volume, owned by this account",
  list: {
    service: "ec2",
    operation: "DescribeSnapshots",
    input: { OwnerIds: ["self"] },
    result: "Snapshots[*]",
    pages: EC2_PAGES,
  },
  one: onlyOne("snapshot-id"),
  id: "SnapshotId",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    ctime: time("StartTime"),
    description: text("Description"),
    encrypted: flag("Encrypted"),
    owner_alias: text("OwnerAlias"),
    owner_id: text("OwnerId"),
    volume_id: text("VolumeId"),
    volume_size: integer("VolumeSize"),
    snapshot_data_encryption_key_id: text("DataEncryptionKeyId"),
    snapshot_kms_key_id: text("KmsKeyId"),
    snapshot_outpost_arn: text("OutpostArn"),
    snapshot_progress: text("Progress"),
    snapshot_state_message: text("StateMessage"),
    snapshot_status: text("State"),
    snapshot_storage_tier: text("StorageTier"),
    snapshot_restore_expiry_time: time("RestoreExpiryTime"),
  },
  edges: [
    {
      predecessor: "aws_ec2_volume",
      id: "VolumeId",
      // A copy of another snapshot names no volume, but must name something.
      except: ["vol-ffffffff"],
    },
    {
      successor: "aws_kms_key",
      id: "KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteSnapshot",
      input: (_item, { id }) => ({ SnapshotId: id }),
    }],
    refuse: (item) =>
      readFirst(BACKUP, item) === undefined
        ? undefined
        : "AWS Backup manages it as a recovery point",
    gone: ["InvalidSnapshot.NotFound"],
    // Until the image that it belongs to is gone.
    later: ["InvalidSnapshot.InUse"],
  },
  tagging: ec2Tagging(),
};
