import { deepStrictEqual } from "node:assert/strict";
import { bucketOfHost } from "./bucket_of_host.ts";

Deno.test("bucketOfHost() reads the bucket of a host of S3", () => {
  deepStrictEqual(
    [
      "files.s3.amazonaws.com",
      "files.s3.eu-west-1.amazonaws.com",
      "my.files.s3-eu-west-1.amazonaws.com",
      "files.s3-website-us-east-1.amazonaws.com",
      "files.s3-website.eu-central-1.amazonaws.com",
      "files.s3.cn-north-1.amazonaws.com.cn",
      "api.example.com",
      "web-1.eu-west-1.elb.amazonaws.com",
    ].map(bucketOfHost),
    [
      "files",
      "files",
      "my.files",
      "files",
      "files",
      "files",
      undefined,
      undefined,
    ],
  );
});
