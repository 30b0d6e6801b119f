import type { ListPerValue, Target } from "../../declaration.ts";

/** What listings of the parts of REST APIs have in common: one for each API. */
export const OF_EACH_API = {
  service: "apigateway",
  action: "apigateway:GET",
  omitsEmpty: true,
  each: {
    kind: "aws_apigateway_rest_api",
    path: "id",
    batch: 1,
    input: ([restApiId = ""]) => ({ restApiId }),
    as: "$restApiId",
  },
  // The API was deleted after it was listed.
  none: ["NotFoundException"],
} as const satisfies Partial<ListPerValue>;

/** Gives the parts of a resource's API alone. */
export function ofItsApi({ reported }: Target): { readonly restApiId: string } {
  return { restApiId: String(reported["api_link"]) };
}
