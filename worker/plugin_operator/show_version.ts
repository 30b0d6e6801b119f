import type {
  PluginDifferenceJson,
  PluginLimits,
  PluginVersionJson,
} from "@skymap/lib/client";
import { describeManifest } from "../plugin_kit/describe_manifest.ts";

function limitsLine({ heap_mb, memory_mb, timeout_s }: PluginLimits): string {
  return `limits    heap ${heap_mb} MB, memory ${memory_mb} MB, ` +
    `${timeout_s} s for an account or a call`;
}

/** All that an operator wants to know of a version, as lines. */
export function showVersion(version: PluginVersionJson): readonly string[] {
  const { source, sha256, size, url, signed_by, grant } = version;
  const origin = source === "installation" ? ["came with Skymap"] : [
    `sha256    ${sha256}, ${size} bytes`,
    ...(url === undefined ? [] : [`from      ${url}`]),
    `signed by ${signed_by ?? "no trusted key"}`,
  ];
  return [
    ...describeManifest(version.manifest),
    ...origin,
    `added     ${version.added_at} by ${version.added_by}`,
    ...(grant === undefined ? ["waits for approval"] : [
      `approved  ${grant.approved_at} by ${grant.approved_by}`,
      limitsLine(grant.limits),
    ]),
  ];
}

/** What changes from the version that runs, as lines. */
export function showDifference(
  difference: PluginDifferenceJson,
): readonly string[] {
  const { from, to, sha256, source, signed_by } = difference;
  const changed = (name: string, what: { from: string; to: string }) => [
    `  ${name.padEnd(12)}${what.from}`,
    `  ${"".padEnd(12)}→ ${what.to}`,
  ];
  const names = (sign: string, what: string, values: readonly string[]) =>
    values.map((value) => `  ${sign} ${what} ${value}`);
  const lines = [
    ...(sha256 === undefined ? [] : changed("sha256", sha256)),
    ...(source === undefined ? [] : changed("source", source)),
    ...(signed_by === undefined ? [] : changed("signed by", signed_by)),
    ...names("+", "permission", difference.permissions_added),
    ...names("-", "permission", difference.permissions_removed),
    ...names("+", "kind", difference.kinds_added),
    ...names("-", "kind", difference.kinds_removed),
    ...names("~", "kind", difference.kinds_changed),
    ...names("~", "limit", difference.limits),
  ];
  return [
    `${from} → ${to}`,
    ...(lines.length === 0 ? ["  nothing changes"] : lines),
  ];
}
