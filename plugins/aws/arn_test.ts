import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { arnName, arnOf, kmsKeyId, ofService, s3BucketName } from "./arn.ts";

const KEY = "arn:aws:kms:eu-west-1:111111111111:key/0aa1-bb";

Deno.test("arnName() takes the last part", () => {
  const names = [
    KEY,
    "arn:aws:iam::111111111111:role/path/of/reader",
    "arn:aws:sns:eu-west-1:111111111111:alarms",
    "arn:aws:rds:eu-west-1:111111111111:db:orders",
    "orders",
  ].map(arnName);
  deepStrictEqual(names, ["0aa1-bb", "reader", "alarms", "orders", "orders"]);
});

Deno.test("arnOf() names what is beside a target", () => {
  const target = {
    account: "111111111111",
    partition: "aws-cn",
    region: "cn-north-1",
  };
  strictEqual(
    arnOf(target, "rds", "db:orders"),
    "arn:aws-cn:rds:cn-north-1:111111111111:db:orders",
  );
});

Deno.test("kmsKeyId() reads ARNs and ids, but no alias", () => {
  strictEqual(kmsKeyId(KEY), "0aa1-bb");
  strictEqual(kmsKeyId("0aa1-bb"), "0aa1-bb");
  strictEqual(kmsKeyId("alias/aws/ebs"), undefined);
  strictEqual(
    kmsKeyId("arn:aws:kms:eu-west-1:111111111111:alias/aws/ebs"),
    undefined,
  );
});

Deno.test("s3BucketName() reads ARNs of buckets and of what is in them", () => {
  strictEqual(s3BucketName("arn:aws:s3:::logs"), "logs");
  strictEqual(s3BucketName("arn:aws:s3:::logs/vpc/"), "logs");
  strictEqual(
    s3BucketName("arn:aws:logs:eu-west-1:111111111111:log-group:flows"),
    undefined,
  );
  strictEqual(s3BucketName("logs"), undefined);
});

Deno.test("ofService() takes ARNs of one service, and nothing else", () => {
  const certificate = "arn:aws:acm:eu-west-1:111111111111:certificate/c-1";
  deepStrictEqual(
    [
      certificate,
      "arn:aws:iam::111111111111:server-certificate/front",
      "acm",
    ].map(ofService("acm")),
    [certificate, undefined, undefined],
  );
});
