/**
 * How two versions of a plugin differ, for who decides about the second.
 *
 * @module
 */

import type {
  PluginDifferenceJson,
  PluginLimits,
  PluginVersionJson,
} from "@skymap/lib/client";
import { canonicalJson, type Json } from "@skymap/lib/json";
import { listPermissions, permissionText } from "./permission_list.ts";

/** A version, and the limits that it has or would have. */
export interface LimitedVersion {
  /** The version. */
  readonly version: PluginVersionJson;
  /** What it may use. */
  readonly limits: PluginLimits;
}

function textsOf({ manifest }: PluginVersionJson): readonly string[] {
  return [
    ...new Set(listPermissions(manifest.permissions).map(permissionText)),
  ];
}

function kindsOf({ manifest }: PluginVersionJson): Map<string, string> {
  return new Map(
    manifest.kinds.map((kind) => [
      kind.name,
      canonicalJson(kind as unknown as Json),
    ]),
  );
}

function without<T>(all: Iterable<T>, some: Iterable<T>): T[] {
  const taken = new Set(some);
  return [...all].filter((each) => !taken.has(each));
}

function unequal<T>(from: T, to: T): { from: T; to: T } | undefined {
  return from === to ? undefined : { from, to };
}

/** What changes when `after` takes the place of `before`. */
export function differenceOf(
  before: LimitedVersion,
  after: LimitedVersion,
): PluginDifferenceJson {
  const [one, other] = [before.version, after.version];
  const [had, has] = [textsOf(one), textsOf(other)];
  const [knew, knows] = [kindsOf(one), kindsOf(other)];
  const hash = unequal(one.sha256 ?? "none", other.sha256 ?? "none");
  const source = unequal(one.source, other.source);
  const signer = unequal(one.signed_by ?? "none", other.signed_by ?? "none");
  return {
    from: one.version,
    to: other.version,
    ...(hash !== undefined && { sha256: hash }),
    ...(source !== undefined && { source }),
    ...(signer !== undefined && { signed_by: signer }),
    permissions_added: without(has, had),
    permissions_removed: without(had, has),
    kinds_added: without(knows.keys(), knew.keys()),
    kinds_removed: without(knew.keys(), knows.keys()),
    kinds_changed: [...knows].flatMap(([name, text]) =>
      knew.has(name) && knew.get(name) !== text ? [name] : []
    ),
    limits: (["heap_mb", "memory_mb", "timeout_s"] as const).flatMap((name) =>
      before.limits[name] === after.limits[name]
        ? []
        : [`${name} ${before.limits[name]} → ${after.limits[name]}`]
    ),
  };
}
