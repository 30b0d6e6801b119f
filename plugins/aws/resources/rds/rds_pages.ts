import type { Paging } from "../../declaration.ts";

/** How RDS pages. */
export const RDS_PAGES: Paging = {
  input: "Marker",
  output: "Marker",
  size: ["MaxRecords", 100],
};
