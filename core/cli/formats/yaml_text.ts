/**
 * JSON values as YAML.
 *
 * @module
 */

import type { Json } from "@skymap/lib/json";
// @ts-types="@types/js-yaml"
import { dump } from "js-yaml";

/**
 * A value as YAML of version 1.2, with a line end. Texts are always quoted:
 * readers of version 1.1, which are many, take a plain `1_000` for a number.
 */
export function yamlText(value: Json): string {
  return dump(value, { noRefs: true, lineWidth: -1, forceQuotes: true });
}
