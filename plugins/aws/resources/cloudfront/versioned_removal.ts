import type { Item, Removal } from "../../declaration.ts";

/**
 * How CloudFront deletes most things: the version that was read must be named.
 * `path` is that of the id in an item.
 */
export function versionedRemoval(
  what: string,
  gone: string,
  path: string,
): Removal {
  return {
    details: [{
      as: "$version",
      of: path,
      service: "cloudfront",
      operation: `Get${what}`,
      askFor: ([Id = ""]) => ({ Id }),
    }],
    calls: [{
      service: "cloudfront",
      operation: `Delete${what}`,
      input: ({ $version }, { id }) => ({
        Id: id,
        IfMatch: String(($version as Item)["ETag"]),
      }),
    }],
    gone: [gone],
    later: ["InvalidIfMatchVersion", "PreconditionFailed"],
  };
}
