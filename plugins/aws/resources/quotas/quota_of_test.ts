import { deepStrictEqual } from "node:assert/strict";
import {
  boundedBy,
  quotaOfInstanceType,
  quotaOfLoadBalancer,
  quotaOfVolumeType,
} from "./quota_of.ts";

Deno.test("quotaOfInstanceType() goes by the family", () => {
  const standard = ["m5.large", "t3.micro", "im4gn.large", "is4gen.large"];
  deepStrictEqual(
    [...standard, "d3.xlarge", "h1.2xlarge", "i4i.large"]
      .map(quotaOfInstanceType),
    Array(7).fill("L-1216C47A"),
  );
  deepStrictEqual(
    [
      "dl1.24xlarge",
      "g4dn.xlarge",
      "vt1.3xlarge",
      "hpc7g.4xlarge",
      "inf2.xlarge",
      "p5.48xlarge",
      "trn1.2xlarge",
      "u-6tb1.metal",
      "u7i-12tb.224xlarge",
      "x2gd.large",
      "mac2.metal",
      "",
    ].map(quotaOfInstanceType),
    [
      "L-6E869C2A",
      "L-DB2E81BA",
      "L-DB2E81BA",
      "L-F7808C92",
      "L-1945791B",
      "L-417A185B",
      "L-2C3B7624",
      "L-43DA4232",
      "L-43DA4232",
      "L-7295265B",
      undefined,
      undefined,
    ],
  );
});

Deno.test("quotaOfVolumeType() and quotaOfLoadBalancer() know theirs alone", () => {
  deepStrictEqual(["gp3", "standard", "tape"].map(quotaOfVolumeType), [
    "L-7A658B76",
    "L-9CF3C2EB",
    undefined,
  ]);
  deepStrictEqual(
    ["application", "network", "gateway"].map(quotaOfLoadBalancer),
    [
      "L-53DA6B97",
      "L-69A177A2",
      undefined,
    ],
  );
});

Deno.test("boundedBy() leads from the quota to what it bounds", () => {
  deepStrictEqual(boundedBy("VolumeType", quotaOfVolumeType), {
    predecessor: "aws_service_quota",
    id: "VolumeType",
    read: quotaOfVolumeType,
  });
});
