import type { ResourceDeclaration } from "../../declaration.ts";
import { objects, text, texts, time, valueKind } from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { versionedRemoval } from "./versioned_removal.ts";

const encryptionEntity = valueKind("aws_cloudfront_encryption_entity", {
  public_key_id: text("PublicKeyId"),
  provider_id: text("ProviderId"),
  field_patterns: texts("FieldPatterns.Items[*]"),
});

/** Which fields are encrypted with which public key. */
export const FIELD_LEVEL_ENCRYPTION_PROFILE: ResourceDeclaration = {
  kind: "aws_cloudfront_field_level_encryption_profile",
  description: "Which fields are encrypted with which key (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList(
    "ListFieldLevelEncryptionProfiles",
    "FieldLevelEncryptionProfileList",
  ),

  id: "Id",
  properties: {
    name: text("Name"),
    mtime: time("LastModifiedTime"),
    field_level_encryption_profile_encryption_entities: objects(
      "EncryptionEntities.Items",
      encryptionEntity,
    ),
    field_level_encryption_profile_comment: text("Comment"),
  },
  edges: [{
    successor: "aws_cloudfront_public_key",
    id: "EncryptionEntities.Items[*].PublicKeyId",
    deletedFirst: "self",
  }],
  remove: versionedRemoval(
    "FieldLevelEncryptionProfile",
    "NoSuchFieldLevelEncryptionProfile",
    "Id",
  ),
};
