import type { JsonObject } from "@skymap/lib/plugin";

/** Characters that a managed policy may have, white space not counted. */
export const MAX_POLICY_CHARS = 6_144;

interface Statement extends JsonObject {
  readonly Action: readonly string[];
}

function textOf(Version: string, Statement: readonly Statement[]): string {
  return JSON.stringify({ Version, Statement });
}

/**
 * A policy as several, each of which AWS takes as a managed policy; as it is when
 * AWS takes it in one. Together they allow the same.
 */
export function policyParts(
  { Version, Statement }: {
    readonly Version: string;
    readonly Statement: readonly JsonObject[];
  },
  maxChars = MAX_POLICY_CHARS,
): JsonObject[] {
  const parts: Statement[][] = [];
  let part: Statement[] = [];
  for (const each of Statement as readonly Statement[]) {
    let rest = each.Action;
    while (rest.length > 0) {
      const fits = (count: number) =>
        textOf(Version, [...part, { ...each, Action: rest.slice(0, count) }])
          .length <= maxChars;
      let count = rest.length;
      while (count > 0 && !fits(count)) count--;
      // One that is too long alone is for AWS to refuse.
      if (count === 0 && part.length === 0) count = 1;
      if (count > 0) part.push({ ...each, Action: rest.slice(0, count) });
      rest = rest.slice(count);
      if (rest.length === 0) break;
      parts.push(part);
      part = [];
    }
  }
  return [...parts, part].map((Statement) => ({ Version, Statement }));
}
