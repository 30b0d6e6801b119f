import type { ResourceDeclaration } from "../../declaration.ts";
import { text, time } from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { versionedRemoval } from "./versioned_removal.ts";

/** A public key. */
export const PUBLIC_KEY: ResourceDeclaration = {
  kind: "aws_cloudfront_public_key",
  description: "A public key for signatures and encryption (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList("ListPublicKeys", "PublicKeyList"),

  id: "Id",
  properties: {
    name: text("Name"),
    ctime: time("CreatedTime"),
    public_key_encoded_key: text("EncodedKey"),
    public_key_comment: text("Comment"),
  },
  remove: versionedRemoval("PublicKey", "NoSuchPublicKey", "Id"),
};
