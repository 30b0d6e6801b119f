import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Item, Target } from "../../declaration.ts";
import { mapProperties } from "../../property.ts";
import { DISTRIBUTION } from "./distribution.ts";

const TARGET: Target = {
  id: "E1",
  region: "us-east-1",
  account: "111111111111",
  partition: "aws",
  reported: {},
};

function shown(Enabled: boolean): Item {
  return {
    $distribution: {
      ETag: "v1",
      Distribution: {
        Id: "E1",
        DistributionConfig: {
          Enabled,
          Origins: {
            Items: [{
              Id: "api",
              CustomHeaders: {
                Items: [{ HeaderName: "X-Key", HeaderValue: "very-secret" }],
              },
            }],
          },
        },
      },
    },
  };
}

Deno.test("a distribution is disabled before it is deleted", () => {
  const [disable, remove] = DISTRIBUTION.remove?.calls ?? [];
  const input = disable?.input(shown(true), TARGET) as Item;
  strictEqual((input["DistributionConfig"] as Item)["Enabled"], false);
  strictEqual(input["IfMatch"], "v1");
  strictEqual(disable?.input(shown(false), TARGET), undefined);
  deepStrictEqual(remove?.input(shown(false), TARGET), {
    Id: "E1",
    IfMatch: "v1",
  });
});

Deno.test("a distribution keeps the names of headers, never a value", () => {
  const reported = mapProperties(DISTRIBUTION.properties, shown(true));
  deepStrictEqual(
    (reported["distribution_config"] as Item)["origins"],
    [{ id: "api", custom_header: ["X-Key"] }],
  );
});
