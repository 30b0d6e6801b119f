import type { ResourceDeclaration } from "../../declaration.ts";
import { text } from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { versionedRemoval } from "./versioned_removal.ts";

/** How calls to an origin are signed. */
export const ORIGIN_ACCESS_CONTROL: ResourceDeclaration = {
  kind: "aws_cloudfront_origin_access_control",
  description: "How an origin is called (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList("ListOriginAccessControls", "OriginAccessControlList"),

  id: "Id",
  properties: {
    name: text("Name"),
    origin_access_control_description: text("Description"),
    origin_access_control_signing_protocol: text("SigningProtocol"),
    origin_access_control_signing_behavior: text("SigningBehavior"),
    origin_access_control_origin_access_control_origin_type: text(
      "OriginAccessControlOriginType",
    ),
  },
  remove: versionedRemoval(
    "OriginAccessControl",
    "NoSuchOriginAccessControl",
    "Id",
  ),
};
