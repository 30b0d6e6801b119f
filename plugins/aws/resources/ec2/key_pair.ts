import type { ResourceDeclaration } from "../../declaration.ts";
import { tags, text, time } from "../../property.ts";

/** A key pair to log in to instances with. */
export const KEY_PAIR: ResourceDeclaration = {
  kind: "aws_ec2_keypair",
  bases: ["keypair"],
  description: "A key pair to log in to instances with",
  list: {
    service: "ec2",
    operation: "DescribeKeyPairs",
    input: { IncludePublicKey: true },
    result: "KeyPairs[*]",
  },
  id: "KeyPairId",
  properties: {
    name: text("KeyName"),
    tags: tags("Tags"),
    key_fingerprint: text("KeyFingerprint"),
    key_type: text("KeyType"),
    public_key: text("PublicKey"),
    ctime: time("CreateTime"),
    fingerprint: text("KeyFingerprint"),
  },
};
