import type { ResourceDeclaration } from "../../declaration.ts";
import { tags, text, time } from "../../property.ts";
import { ec2Tagging } from "./ec2_tagging.ts";
import { onlyOne } from "./only_one.ts";

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
  one: onlyOne("key-pair-id"),
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
  remove: {
    calls: [{
      service: "ec2",
      operation: "DeleteKeyPair",
      input: (_item, { id }) => ({ KeyPairId: id }),
    }],
    gone: ["InvalidKeyPair.NotFound"],
  },
  tagging: ec2Tagging(),
};
