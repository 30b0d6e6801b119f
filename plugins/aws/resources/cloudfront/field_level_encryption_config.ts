import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  objects,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { versionedRemoval } from "./versioned_removal.ts";

const queryArgProfile = valueKind("aws_cloudfront_query_arg_profile", {
  query_arg: text("QueryArg"),
  profile_id: text("ProfileId"),
});

const queryArgProfileConfig = valueKind(
  "aws_cloudfront_query_arg_profile_config",
  {
    forward_when_query_arg_profile_is_unknown: flag(
      "ForwardWhenQueryArgProfileIsUnknown",
    ),
    query_arg_profiles: objects("QueryArgProfiles.Items", queryArgProfile),
  },
);

const contentTypeProfile = valueKind("aws_cloudfront_content_type_profile", {
  format: text("Format"),
  profile_id: text("ProfileId"),
  content_type: text("ContentType"),
});

const contentTypeProfileConfig = valueKind(
  "aws_cloudfront_content_type_profile_config",
  {
    forward_when_content_type_is_unknown: flag(
      "ForwardWhenContentTypeIsUnknown",
    ),
    content_type_profiles: objects(
      "ContentTypeProfiles.Items",
      contentTypeProfile,
    ),
  },
);

/** Which fields of requests are encrypted by which profile. */
export const FIELD_LEVEL_ENCRYPTION_CONFIG: ResourceDeclaration = {
  kind: "aws_cloudfront_field_level_encryption_config",
  description: "Which requests have fields encrypted (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList(
    "ListFieldLevelEncryptionConfigs",
    "FieldLevelEncryptionList",
  ),

  id: "Id",
  properties: {
    mtime: time("LastModifiedTime"),
    field_level_encryption_config_comment: text("Comment"),
    field_level_encryption_config_query_arg_profile_config: object(
      "QueryArgProfileConfig",
      queryArgProfileConfig,
    ),
    field_level_encryption_config_content_type_profile_config: object(
      "ContentTypeProfileConfig",
      contentTypeProfileConfig,
    ),
  },
  edges: [
    {
      successor: "aws_cloudfront_field_level_encryption_profile",
      id: "QueryArgProfileConfig.QueryArgProfiles.Items[*].ProfileId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudfront_field_level_encryption_profile",
      id: "ContentTypeProfileConfig.ContentTypeProfiles.Items[*].ProfileId",
      deletedFirst: "self",
    },
  ],
  remove: versionedRemoval(
    "FieldLevelEncryptionConfig",
    "NoSuchFieldLevelEncryptionConfig",
    "Id",
  ),
};
