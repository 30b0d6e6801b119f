import type { Paging } from "../../declaration.ts";

/** How API Gateway pages; it takes up to 500 items a page. */
export const API_GATEWAY_PAGES: Paging = {
  input: "position",
  output: "position",
  size: ["limit", 500],
};
