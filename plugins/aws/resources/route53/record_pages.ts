import type { Paging } from "../../declaration.ts";

/** How records are paged: the next page begins with a record, not by a token. */
export const RECORD_PAGES: Paging = {
  input: "StartRecordName",
  output: "NextRecordName",
  also: {
    StartRecordType: "NextRecordType",
    StartRecordIdentifier: "NextRecordIdentifier",
  },
  size: ["MaxItems", 300],
};
