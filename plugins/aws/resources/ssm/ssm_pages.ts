import type { Paging } from "../../declaration.ts";

/** How Systems Manager pages; no call takes more than 50 items a page. */
export const SSM_PAGES: Paging = {
  input: "NextToken",
  output: "NextToken",
  size: ["MaxResults", 50],
};
