import type { JsonObject } from "@skymap/lib/plugin";
import type { Paging, ReadCall } from "../../declaration.ts";

/** How CloudFront pages; it takes up to 100 items a page. */
export const CLOUDFRONT_PAGES: Omit<Paging, "output"> = {
  input: "Marker",
  size: ["MaxItems", 100],
};

/**
 * How CloudFront lists: all is in one member of the answer, which has no items
 * when their number is zero.
 */
export function cloudfrontList(
  operation: string,
  member: string,
  input: JsonObject = {},
): ReadCall {
  return {
    service: "cloudfront",
    operation,
    input,
    result: `${member}.Items[*]`,
    count: `${member}.Quantity`,
    pages: { ...CLOUDFRONT_PAGES, output: `${member}.NextMarker` },
  };
}
