/**
 * `set_desired`: what people want of nodes.
 *
 * @module
 */

import { sectionCommand } from "../change/section_command.ts";

/** Says what is wanted of nodes. */
export const SET_DESIRED = sectionCommand({
  name: "set_desired",
  section: "desired",
  brief: "Says what is wanted of nodes",
  examples: [
    {
      line: "search is(instance) and tags.owner = null limit 2 | " +
        "set_desired review=true",
      says: "Marks two instances for a review",
    },
    {
      line: "search /desired.review = true | set_desired review=null",
      says: "Takes the mark away again",
    },
  ],
});
