import { deepStrictEqual, rejects } from "node:assert/strict";
import { RegionFindings } from "./region_findings.ts";

const TYPE = { kind: "aws_ec2_instance", path: "Type" };

Deno.test("values() waits for the listing and gives each value once", async () => {
  const findings = new RegionFindings([TYPE]);
  const values = findings.values(TYPE);
  findings.add("aws_ec2_instance", { Type: "m5" });
  findings.add("aws_ec2_instance", { Type: "c5" });
  findings.add("aws_ec2_instance", { Type: "m5" });
  findings.add("aws_ec2_volume", { Type: "gp3" });
  findings.settle("aws_ec2_instance");
  deepStrictEqual(await values, ["c5", "m5"]);
});

Deno.test("values() fails as the listing did", async () => {
  const findings = new RegionFindings([TYPE]);
  findings.add("aws_ec2_instance", { Type: "m5" });
  findings.settle("aws_ec2_instance", new RangeError("denied"));
  await rejects(findings.values(TYPE), /denied/);
});

Deno.test("values() refuses what nobody announced", async () => {
  await rejects(new RegionFindings([]).values(TYPE), RangeError);
});
