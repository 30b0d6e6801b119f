/**
 * `set_metadata`: what people know of nodes.
 *
 * @module
 */

import { sectionCommand } from "../change/section_command.ts";

/** Says what is known of nodes. */
export const SET_METADATA = sectionCommand({
  name: "set_metadata",
  section: "metadata",
  brief: "Notes what is known of nodes",
  examples: [
    {
      line: "search is(account) | set_metadata team=ops cost.center=1200",
      says: "Notes whose accounts these are",
    },
    {
      line: "search /metadata.team = ops | set_metadata cost=null",
      says: "Takes a note away",
    },
  ],
});
