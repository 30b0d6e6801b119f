import type { Item, ResourceDeclaration } from "../../declaration.ts";
import { object, tags, text, time, valueKind } from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { CLOUDFRONT_TAGGING } from "./cloudfront_tagging.ts";
import { CLOUDFRONT_TAGS } from "./cloudfront_tags.ts";

const functionConfig = valueKind("aws_cloudfront_function_config", {
  comment: text("Comment"),
  runtime: text("Runtime"),
});

/** A function that runs at the edge, as it is live. */
export const FUNCTION: ResourceDeclaration = {
  kind: "aws_cloudfront_function",
  bases: ["serverless_function"],
  description: "A function that runs at the edge (CloudFront)",
  place: "global",
  list: cloudfrontList("ListFunctions", "FunctionList", { Stage: "LIVE" }),
  details: [{ ...CLOUDFRONT_TAGS, of: "FunctionMetadata.FunctionARN" }],
  id: "Name",
  properties: {
    tags: tags("$tags.Tags.Items"),
    name: text("Name"),
    ctime: time("FunctionMetadata.CreatedTime"),
    mtime: time("FunctionMetadata.LastModifiedTime"),
    arn: text("FunctionMetadata.FunctionARN"),
    function_status: text("Status"),
    function_stage: text("FunctionMetadata.Stage"),
    function_config: object("FunctionConfig", functionConfig),
  },
  remove: {
    details: [{
      as: "$version",
      of: "Name",
      service: "cloudfront",
      operation: "DescribeFunction",
      askFor: ([Name = ""]) => ({ Name }),
    }],
    calls: [{
      service: "cloudfront",
      operation: "DeleteFunction",
      input: ({ $version }, { id }) => ({
        Name: id,
        IfMatch: String(($version as Item)["ETag"]),
      }),
    }],
    gone: ["NoSuchFunctionExists"],
    later: ["InvalidIfMatchVersion", "PreconditionFailed"],
  },
  tagging: CLOUDFRONT_TAGGING,
};
