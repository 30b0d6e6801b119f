/**
 * The command `dump`.
 *
 * @module
 */

import type { Command } from "../command.ts";
import { elementsOf } from "../elements_of.ts";
import { YAML_FORMAT } from "../formats/yaml.ts";
import { writeElements } from "../write_elements.ts";

/** Shows all of each element. */
export const DUMP: Command = {
  name: "dump",
  group: "format",
  brief: "Shows all that is known of each element",
  description:
    "A document of YAML for each element: every section of a node, its kinds, " +
    "where it lies, and whether it may not be up to date.",
  position: "flow",
  forms: [{
    brief: "Shows all that is known of each element",
    parameters: [],
    prepare: () => ({
      output: "text",
      isFormat: true,
      run: (input) => ({
        type: "text",
        mediaType: YAML_FORMAT.mediaType,
        chunks: writeElements(elementsOf(input), YAML_FORMAT),
      }),
    }),
  }],
  examples: [{
    line: "search is(instance) limit 1 | dump",
    says: "All of one instance",
  }, { line: 'json {"a": [1, 2]} | dump', says: "Shows a value as YAML" }],
};
