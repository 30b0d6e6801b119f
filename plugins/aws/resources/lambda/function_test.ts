import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { mapProperties } from "../../property.ts";
import { FUNCTION } from "./function.ts";

Deno.test("a function keeps the names of its variables, never a value", () => {
  const reported = mapProperties(FUNCTION.properties, {
    FunctionName: "orders",
    Environment: { Variables: { STAGE: "live", DB_PASSWORD: "very-secret" } },
  });
  deepStrictEqual(reported["function_environment"], {
    variable_names: ["DB_PASSWORD", "STAGE"],
  });
  strictEqual(JSON.stringify(reported).includes("secret"), false);
});

Deno.test("a function knows the APIs that its policy names", () => {
  const edge = FUNCTION.edges?.find((each) =>
    "predecessor" in each && each.predecessor === "aws_apigateway_rest_api"
  );
  const statement = (source: string) => ({
    Condition: { ArnLike: { "AWS:SourceArn": source } },
  });
  const policy = JSON.stringify({
    Statement: [
      statement("arn:aws:execute-api:eu-west-1:111111111111:abc123/*/GET/a"),
      statement("arn:aws:execute-api:eu-west-1:111111111111:def456/*/*/*"),
      statement("arn:aws:s3:::files"),
    ],
  });
  deepStrictEqual(edge?.read?.(policy), ["abc123", "def456"]);
});
