import { deepStrictEqual } from "node:assert/strict";
import type { Item, Target } from "../../declaration.ts";
import { mapProperties } from "../../property.ts";
import { POLICY } from "./policy.ts";

const OWN = "arn:aws:iam::111111111111:policy/team/buckets";
const OF_AWS = "arn:aws-cn:iam::aws:policy/service-role/Lambda";

const listed = (item: Item): boolean | undefined =>
  "where" in POLICY.list ? POLICY.list.where?.(item, "us-east-1") : undefined;

Deno.test("policies of AWS count where someone uses them", () => {
  deepStrictEqual(
    [
      { Arn: OWN, AttachmentCount: 0 },
      { Arn: OF_AWS, AttachmentCount: 0, PermissionsBoundaryUsageCount: 0 },
      { Arn: OF_AWS, AttachmentCount: 1, PermissionsBoundaryUsageCount: 0 },
      { Arn: OF_AWS, AttachmentCount: 0, PermissionsBoundaryUsageCount: 1 },
    ].map(listed),
    [true, false, true, true],
  );
});

Deno.test("a policy of AWS is managed, and not deleted", () => {
  deepStrictEqual(
    [OWN, OF_AWS].map((Arn) => [
      mapProperties(POLICY.properties, { Arn })["managed"],
      POLICY.remove?.refuse?.({ Arn }),
    ]),
    [[false, undefined], [true, "AWS keeps it for all accounts"]],
  );
});

const VERSIONS: Item = {
  Arn: OWN,
  PolicyVersionList: [
    { VersionId: "v1", IsDefaultVersion: false, Document: "%7B%7D" },
    {
      VersionId: "v2",
      IsDefaultVersion: true,
      Document: "%7B%22Version%22%3A%222012-10-17%22%7D",
    },
  ],
};

Deno.test("the document of a policy is that of its default version", () => {
  deepStrictEqual(
    mapProperties(POLICY.properties, VERSIONS)["policy_document"],
    {
      document: { Version: "2012-10-17" },
      version_id: "v2",
      is_default_version: true,
    },
  );
});

Deno.test("the other versions of a policy are deleted before it", () => {
  const [first] = POLICY.remove?.calls ?? [];
  deepStrictEqual(first?.input(VERSIONS, { id: OWN } as Target), [
    { PolicyArn: OWN, VersionId: "v1" },
  ]);
});
