/**
 * Documents and revisions that there are not.
 *
 * @module
 */

import type { ConfigRevisionJson } from "@skymap/lib/client";
import { SkymapError } from "@skymap/lib/errors";
import { nearestNames } from "../model/nearest_names.ts";
import { suggestionText } from "../query/syntax_error.ts";

/** The error of a document that is none of those that there are. */
export function unknownConfig(id: string, ids: readonly string[]): SkymapError {
  const nearest = nearestNames(id, ids);
  return new SkymapError(
    "config_unknown",
    `Cannot find configuration "${id}": there is none${
      nearest.length > 0
        ? suggestionText(nearest)
        : `, wanted one of ${ids.join(", ")}`
    }`,
    { details: { suggestions: nearest } },
  );
}

/** The error of a revision that is none of those that are kept. */
export function unknownRevision(
  id: string,
  revision: number,
  kept: readonly ConfigRevisionJson[],
): SkymapError {
  const newest = kept[0]?.revision;
  const oldest = kept.at(-1)?.revision;
  return new SkymapError(
    "config_unknown",
    `Cannot find revision ${revision} of configuration "${id}": ${
      newest === undefined || oldest === undefined
        ? "it was never changed"
        : `kept are ${oldest} to ${newest}`
    }`,
  );
}
