import { deepStrictEqual } from "node:assert/strict";
import { functionOfUri } from "./function_of_uri.ts";

const INVOKE = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/";

Deno.test("functionOfUri() reads the name of the function", () => {
  deepStrictEqual(
    [
      `${INVOKE}arn:aws:lambda:eu-west-1:111111111111:function:web/invocations`,
      `${INVOKE}arn:aws:lambda:eu-west-1:111111111111:function:web:3/invocations`,
      "https://example.com/function",
    ].map(functionOfUri),
    ["web", "web", undefined],
  );
});
