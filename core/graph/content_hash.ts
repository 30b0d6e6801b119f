/**
 * The hash of what was merged of a node: a node that comes with the same one
 * again is not looked at.
 *
 * @module
 */

import { hashText } from "@skymap/lib/ids";
import { canonicalJson } from "@skymap/lib/json";

/** What beside a node itself its row is made of, alike for a whole scope. */
export interface ScopeContent {
  /** Changes whenever the meaning of the kind does. */
  readonly fingerprint: string;
  readonly accountName: string;
  readonly regionName: string;
  /** Node that contains the nodes of the scope. */
  readonly parent: string;
}

/** A text for a scope's part of the hash. */
export function scopeContent(
  { fingerprint, accountName, regionName, parent }: ScopeContent,
): string {
  return canonicalJson([fingerprint, accountName, regionName, parent]);
}

/** The hash of a node: `content` is the JSON of what was sent of it. */
export function contentHash(
  scope: string,
  { id, zone }: { readonly id: string; readonly zone: string | undefined },
  content: string | undefined,
): string {
  return hashText(`${scope}${JSON.stringify([id, zone])}${content}`);
}
