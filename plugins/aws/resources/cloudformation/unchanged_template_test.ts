import { deepStrictEqual } from "node:assert/strict";
import type { Target } from "../../declaration.ts";
import { tagsOf, unchanged } from "./unchanged_template.ts";

const TARGET: Target = {
  id: "arn:aws:cloudformation:eu-west-1:111111111111:stack/web/1",
  region: "eu-west-1",
  account: "111111111111",
  partition: "aws",
  reported: {
    tags: { owner: "web", stage: "test" },
    stack_parameters: { Size: "2", Password: "****" },
    stack_capabilities: ["CAPABILITY_IAM"],
  },
};

Deno.test("tagsOf() leaves out what is to go", () => {
  deepStrictEqual(
    [
      tagsOf(TARGET),
      tagsOf(TARGET, ["stage"]),
      tagsOf({ ...TARGET, reported: {} }),
    ],
    [{ owner: "web", stage: "test" }, { owner: "web" }, {}],
  );
});

Deno.test("unchanged() names parameters and never their values", () => {
  deepStrictEqual(unchanged(TARGET, "stack_parameters", "stack_capabilities"), {
    UsePreviousTemplate: true,
    Parameters: [
      { ParameterKey: "Size", UsePreviousValue: true },
      { ParameterKey: "Password", UsePreviousValue: true },
    ],
    Capabilities: ["CAPABILITY_IAM"],
  });
});
