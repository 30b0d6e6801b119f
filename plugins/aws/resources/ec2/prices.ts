import type { DetailCall } from "../../declaration.ts";
import { parsePath } from "../../path.ts";
import type { Property } from "../../property.ts";

/** Region whose price list is asked; other partitions have none in dollars. */
const PRICES_OF = new Map([["aws", "us-east-1"]]);

/**
 * A detail call for the products in the price list that have a value in a field,
 * in the region of the item. Who may not read prices goes without.
 */
export function productsOf(
  of: string,
  field: string,
  others: Readonly<Record<string, string>>,
): DetailCall {
  return {
    as: "$products",
    of,
    service: "pricing",
    operation: "GetProducts",
    // A collect does not wait long for what it can be without.
    attempts: 2,
    input: { ServiceCode: "AmazonEC2", FormatVersion: "aws_v1" },
    askFor: ([value = ""], item) => ({
      Filters: Object.entries({
        ...others,
        [field]: value,
        regionCode: String(item["$region"]),
      }).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
    }),
    result: "PriceList[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 100],
    },
    many: true,
    region: (item) => PRICES_OF.get(String(item["$partition"])),
    without: "prices",
  };
}

/** A product of the price list; what of it is read. */
interface Product {
  readonly terms?: {
    readonly OnDemand?: Readonly<
      Record<string, {
        readonly priceDimensions?: Readonly<Record<string, Dimension>>;
      }>
    >;
  };
}

interface Dimension {
  readonly unit?: string;
  readonly pricePerUnit?: { readonly USD?: string };
}

/** What cannot be read has no price. */
function readProduct(text: string): Product {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/**
 * The price on demand of products, in US dollars for a unit; undefined unless all
 * of them agree.
 */
export function priceOf(
  products: readonly unknown[],
  unit: string,
): number | undefined {
  const prices = products
    .map((text) => readProduct(String(text)))
    .flatMap(({ terms }) => Object.values(terms?.OnDemand ?? {}))
    .flatMap(({ priceDimensions = {} }) => Object.values(priceDimensions))
    .filter((dimension) => dimension.unit === unit)
    .map(({ pricePerUnit }) => Number(pricePerUnit?.USD));
  const [price, ...others] = new Set(prices);
  return others.length === 0 && price !== undefined && price > 0
    ? price
    : undefined;
}

/** The price of what {@linkcode productsOf} found, for a unit of the list. */
export function onDemandPrice(unit: "Hrs" | "GB-Mo"): Property {
  return {
    kind: "double",
    paths: [parsePath("$products")],
    take: "first",
    from: "list",
    convert: (products) => priceOf(products as readonly unknown[], unit),
  };
}
