import { isJsonObject, type Json, type JsonObject } from "@skymap/lib/plugin";

/** Members that lead to the next page; a log always has those of its two ends. */
const LEADS = /^next(?!forward|backward).*(token|marker|name|identifier|id)$/i;
const ALSO = /^(marker|lastevaluated\w*|exclusivestart\w*|position)$/i;
const TRUNCATED = /^(is)?truncated$/i;

/**
 * Which member of an answer says that there are more pages, or undefined. Some
 * services wrap what they list into one more object.
 */
export function nextPageOf(answer: Json): string | undefined {
  if (!isJsonObject(answer)) return;
  const inner = Object.values(answer).filter(isJsonObject);
  return nextOf(answer) ??
    (Object.keys(answer).length <= 2
      ? inner.map(nextOf).find((each) => each !== undefined)
      : undefined);
}

function nextOf(answer: JsonObject): string | undefined {
  const members = Object.entries(answer);
  const truncated = members.find(([name]) => TRUNCATED.test(name));
  // S3 and others give the marker of this page, too.
  if (truncated?.[1] === false) return;
  const leads = members.find(([name, value]) =>
    (LEADS.test(name) || ALSO.test(name)) && value !== "" && value !== null
  );
  return leads?.[0] ?? (truncated?.[1] === true ? truncated[0] : undefined);
}
