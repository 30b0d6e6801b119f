import { deepStrictEqual } from "node:assert/strict";
import type { Item, Target } from "../../declaration.ts";
import { mapProperties } from "../../property.ts";
import { BUCKET } from "./bucket.ts";

const target = (tags: Record<string, string>): Target => ({
  id: "shop",
  region: "eu-west-1",
  account: "111111111111",
  partition: "aws",
  reported: { tags },
});

Deno.test("a bucket is listed in its own region alone", () => {
  const { list } = BUCKET;
  deepStrictEqual(
    "where" in list && [
      list.inputs?.("eu-west-1"),
      [
        { Name: "a", BucketRegion: "eu-west-1" },
        { Name: "b", BucketRegion: "us-east-1" },
        // Who stores like S3 may not tell it: it was asked for, though.
        { Name: "c" },
      ].filter((item) => list.where?.(item, "eu-west-1"))
        .map(({ Name }) => Name),
    ],
    [[{ BucketRegion: "eu-west-1" }], ["a", "c"]],
  );
});

for (
  const [what, $content, reason] of [
    ["nothing at all", {}, undefined],
    ["nothing", { Versions: [], DeleteMarkers: [] }, undefined],
    [
      "an object",
      { Versions: [{}] },
      "it is not empty: it holds 1 version of objects",
    ],
    [
      "what was deleted",
      { Versions: [{}], DeleteMarkers: [{}] },
      "it is not empty: it holds 2 versions of objects",
    ],
    [
      "very much",
      { Versions: Array(1000).fill({}), IsTruncated: true },
      "it is not empty: it holds more than 1000 versions of objects",
    ],
  ] as const
) {
  Deno.test(`a bucket that holds ${what}: ${reason ?? "it may go"}`, () => {
    deepStrictEqual(BUCKET.remove?.refuse?.({ $content }), reason);
  });
}

Deno.test("tags of a bucket are written as a whole", () => {
  const { set, unset } = BUCKET.tagging ?? {};
  const has = target({ owner: "lukas", "aws:cloudformation:stack-name": "x" });
  deepStrictEqual(
    [
      set?.input(has, { owner: "anna", team: "web" }),
      unset?.input(has, ["owner", "missing"]),
    ],
    [
      {
        Bucket: "shop",
        Tagging: {
          TagSet: [
            { Key: "owner", Value: "anna" },
            { Key: "aws:cloudformation:stack-name", Value: "x" },
            { Key: "team", Value: "web" },
          ],
        },
      },
      {
        Bucket: "shop",
        Tagging: {
          TagSet: [{ Key: "aws:cloudformation:stack-name", Value: "x" }],
        },
      },
    ],
  );
});

Deno.test("what was never set is off, and no answer of its own is told", () => {
  const item: Item = {
    Name: "shop",
    $versioning: { $metadata: { requestId: "r-1" } },
    $website: {
      $metadata: { requestId: "r-2" },
      IndexDocument: { Suffix: "index.html" },
    },
  };
  deepStrictEqual(mapProperties(BUCKET.properties, item), {
    name: "shop",
    encryption_enabled: false,
    versioning_enabled: false,
    bucket_versioning: false,
    bucket_mfa_delete: false,
    bucket_website: { index_document: "index.html" },
  });
});
