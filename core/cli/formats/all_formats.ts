/**
 * Every form that answers can be written in.
 *
 * @module
 */

import type { AnswerFormat, AnswerShape } from "./answer_format.ts";
import { CSV_FORMAT } from "./csv.ts";
import { CYTOSCAPE_FORMAT } from "./cytoscape.ts";
import { DOT_FORMAT } from "./dot.ts";
import { GRAPHML_FORMAT } from "./graphml.ts";
import { JSON_FORMAT } from "./json.ts";
import { NDJSON_FORMAT } from "./ndjson.ts";
import { YAML_FORMAT } from "./yaml.ts";

/** Every form; of those that are equally welcome the first is taken. */
export const FORMATS: readonly AnswerFormat[] = [
  JSON_FORMAT,
  NDJSON_FORMAT,
  YAML_FORMAT,
  GRAPHML_FORMAT,
  DOT_FORMAT,
  CYTOSCAPE_FORMAT,
  CSV_FORMAT,
];

/** The forms that can hold a shape. */
export function formatsOf(shape: AnswerShape): readonly AnswerFormat[] {
  return FORMATS.filter(({ shapes }) => shapes.includes(shape));
}
