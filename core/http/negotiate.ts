/**
 * Which form of an answer a caller gets.
 *
 * @module
 */

import { z } from "@hono/zod-openapi";
import { SkymapError } from "@skymap/lib/errors";
import type {
  AnswerFormat,
  AnswerShape,
} from "../cli/formats/answer_format.ts";
import { formatsOf } from "../cli/formats/all_formats.ts";
import { JSON_FORMAT } from "../cli/formats/json.ts";
import { NDJSON_FORMAT } from "../cli/formats/ndjson.ts";

/** Other names of the same media types. */
const ALIASES: Readonly<Record<string, string>> = {
  "application/jsonl": "application/x-ndjson",
  "application/ndjson": "application/x-ndjson",
  "application/x-cytoscape": "application/vnd.cytoscape+json",
  "application/x-graphml": "application/graphml+xml",
  "application/x-graphviz": "text/vnd.graphviz",
  "application/x-yaml": "application/yaml",
  "text/yaml": "application/yaml",
};

/** The media types of an answer for the API's description. */
export function answerTypes(
  shape: AnswerShape,
  record: z.ZodType,
): Readonly<Record<string, z.ZodType>> {
  return Object.fromEntries(
    formatsOf(shape).map((format) => [
      format.mediaType,
      format === JSON_FORMAT
        ? z.array(record)
        : format === NDJSON_FORMAT
        ? record
        : z.string(),
    ]),
  );
}

/** One range of an `Accept` header. */
interface Range {
  readonly type: string;
  readonly weight: number;
}

function readRanges(accept: string): readonly Range[] {
  return accept.split(",").flatMap((part) => {
    const [type = "", ...parameters] = part.split(";").map((each) =>
      each.trim().toLowerCase()
    );
    if (type === "") return [];
    const found = parameters.map((each) => /^q\s*=\s*([\d.]+)$/.exec(each)?.[1])
      .find((each) => each !== undefined);
    const weight = found === undefined ? 1 : Number(found);
    return [{
      type: ALIASES[type] ?? type,
      weight: Number.isNaN(weight) ? 0 : Math.min(weight, 1),
    }];
  });
}

/** How welcome a media type is: the most exact range that names it decides. */
function weightOf(mediaType: string, ranges: readonly Range[]): number {
  const [main = ""] = mediaType.split("/");
  for (const name of [mediaType, `${main}/*`, "*/*"]) {
    const range = ranges.find(({ type }) => type === name);
    if (range !== undefined) return range.weight;
  }
  return 0;
}

/** What a caller says of the form it wants. */
export interface Wish {
  /** The header `Accept`. */
  readonly accept: string | undefined;
  /** The query parameter `format`, which counts more. */
  readonly format: string | undefined;
}

/**
 * The form of an answer: what `format` names, else what `Accept` likes best.
 *
 * @throws SkymapError `not_acceptable`, with what can be had.
 */
export function chooseFormat(
  shape: AnswerShape,
  { accept, format }: Wish,
): AnswerFormat {
  const known = formatsOf(shape);
  if (format !== undefined) {
    const named = known.find(({ name }) => name === format);
    if (named !== undefined) return named;
    throw notAcceptable(`format=${format}`, known);
  }
  if (accept === undefined || accept.trim() === "") return JSON_FORMAT;
  const ranges = readRanges(accept);
  let best: AnswerFormat | undefined;
  let most = 0;
  for (const each of known) {
    const weight = weightOf(each.mediaType, ranges);
    if (weight <= most) continue;
    best = each;
    most = weight;
  }
  if (best !== undefined) return best;
  throw notAcceptable(`Accept: ${accept.slice(0, 200)}`, known);
}

function notAcceptable(
  wish: string,
  known: readonly AnswerFormat[],
): SkymapError {
  return new SkymapError(
    "not_acceptable",
    `Cannot answer as "${wish}" asks: this answer can be had as ${
      known.map(({ name, mediaType }) => `${mediaType} (format=${name})`)
        .join(", ")
    }`,
    {
      details: {
        formats: known.map(({ name, mediaType }) => ({
          format: name,
          media_type: mediaType,
        })),
      },
    },
  );
}
