import type { Paging } from "../../declaration.ts";

/** How EKS pages; it takes up to 100 items a page. */
export const EKS_PAGES: Paging = {
  input: "nextToken",
  output: "nextToken",
  size: ["maxResults", 100],
};
