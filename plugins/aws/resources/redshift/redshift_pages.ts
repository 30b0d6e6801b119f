import type { Paging } from "../../declaration.ts";

/** How Redshift pages. */
export const REDSHIFT_PAGES: Paging = {
  input: "Marker",
  output: "Marker",
  size: ["MaxRecords", 100],
};
