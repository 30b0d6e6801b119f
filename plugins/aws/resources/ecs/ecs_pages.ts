import type { Paging } from "../../declaration.ts";

/** How ECS pages; it takes up to 100 items a page. */
export const ECS_PAGES: Paging = {
  input: "nextToken",
  output: "nextToken",
  size: ["maxResults", 100],
};
