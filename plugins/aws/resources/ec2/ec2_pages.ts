import type { Paging } from "../../declaration.ts";

/** How EC2 pages; it takes up to 1,000 items a page, 500 for volumes. */
export const EC2_PAGES: Paging = {
  input: "NextToken",
  output: "NextToken",
  size: ["MaxResults", 500],
};
