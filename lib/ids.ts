/**
 * Ids that every process computes alike.
 *
 * @module
 */

import { createHash, randomBytes } from "node:crypto";

const ALPHABET = "0123456789abcdefghijklmnopqrstuv";

/** 26 lower-case characters for 16 bytes: base 32 (RFC 4648 hex), no padding. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  if (bits > 0) text += ALPHABET[(value << (5 - bits)) & 31];
  return text;
}

/** The first 16 bytes of the text's SHA-256, as 26 characters `0-9a-v`. */
export function hashText(text: string): string {
  return base32(createHash("sha256").update(text).digest().subarray(0, 16));
}

/** Where a resource lives and what its provider calls it. */
export interface NodeKey {
  /** Cloud id, such as `aws`. */
  readonly cloud: string;
  /** Account id; empty for the cloud itself. */
  readonly account: string;
  /** Region id; empty for what is not in a region. */
  readonly region: string;
  /** Kind, such as `aws_ec2_volume`. */
  readonly kind: string;
  /** The provider's id, unique within all of the above. */
  readonly id: string;
}

/** The id of the one root of every graph. */
export const ROOT_ID = "root";

/**
 * The node id of a resource: 26 characters `0-9a-v`, the same in every run and
 * process. Parts are framed by their length, so no two keys collide by joining.
 */
export function nodeId(key: NodeKey): string {
  const parts = [key.cloud, key.account, key.region, key.kind, key.id];
  return hashText(parts.map((part) => `${part.length}:${part}`).join(""));
}

/** A new random id of 26 characters, for runs, requests and tokens. */
export function randomId(): string {
  return base32(randomBytes(16));
}
