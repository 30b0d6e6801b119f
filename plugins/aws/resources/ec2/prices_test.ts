import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { priceOf, productsOf } from "./prices.ts";

/** A product as the price list has it. */
function product(unit: string, ...dollars: string[]): string {
  return JSON.stringify({
    product: { productFamily: "Compute Instance" },
    terms: {
      OnDemand: {
        "X.Y": {
          priceDimensions: Object.fromEntries(
            dollars.map((USD, at) => [`X.Y.${at}`, {
              unit,
              pricePerUnit: { USD },
            }]),
          ),
        },
      },
      Reserved: {
        "X.Z": {
          priceDimensions: {
            "X.Z.1": { unit, pricePerUnit: { USD: "0.0060000000" } },
          },
        },
      },
    },
  });
}

Deno.test("priceOf() reads what is paid on demand", () => {
  strictEqual(priceOf([product("Hrs", "0.0104000000")], "Hrs"), 0.0104);
});

Deno.test("priceOf() makes up no price", () => {
  const cases: readonly (readonly unknown[])[] = [
    [],
    ["{}"],
    ["no JSON"],
    [product("GB-Mo", "0.08")],
    [product("Hrs", "0.0000000000")],
    [product("Hrs", "0.01", "0.02")],
    [product("Hrs", "0.01"), product("Hrs", "0.02")],
    ['{"terms":{"OnDemand":{"a":{"priceDimensions":{"b":{"unit":"Hrs"}}}}}}'],
  ];
  for (const products of cases) {
    strictEqual(priceOf(products, "Hrs"), undefined);
  }
});

Deno.test("productsOf() asks for the region of the item, where prices are", () => {
  const call = productsOf("VolumeType", "volumeApiName", {
    productFamily: "Storage",
  });
  const item = { $region: "eu-west-1", $partition: "aws" };
  deepStrictEqual(call.askFor(["gp3"], item), {
    Filters: [
      { Type: "TERM_MATCH", Field: "productFamily", Value: "Storage" },
      { Type: "TERM_MATCH", Field: "volumeApiName", Value: "gp3" },
      { Type: "TERM_MATCH", Field: "regionCode", Value: "eu-west-1" },
    ],
  });
  strictEqual(call.region?.(item), "us-east-1");
  strictEqual(call.region?.({ ...item, $partition: "aws-cn" }), undefined);
});
