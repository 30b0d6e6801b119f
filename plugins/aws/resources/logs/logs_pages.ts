import type { Paging } from "../../declaration.ts";

/** How CloudWatch Logs pages; it takes up to 50 items a page. */
export const LOGS_PAGES: Paging = {
  input: "nextToken",
  output: "nextToken",
  size: ["limit", 50],
};
