import type { ResourceDeclaration } from "../../declaration.ts";
import {
  dictionary,
  flag,
  integer,
  json,
  object,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { apiGatewayTagging } from "./api_gateway_tagging.ts";
import { OF_EACH_API, ofItsApi } from "./of_each_api.ts";
import { logGroupOfArn } from "../logs/log_group_of_arn.ts";

const canarySetting = valueKind("aws_apigateway_canary_setting", {
  percent_traffic: integer("percentTraffic"),
  deployment_id: text("deploymentId"),
  stage_variable_overrides: dictionary("stageVariableOverrides"),
  use_stage_cache: flag("useStageCache"),
});

/** A stage: a deployment of a REST API that can be called. */
export const STAGE: ResourceDeclaration = {
  kind: "aws_apigateway_stage",
  description: "A deployment of a REST API that can be called (API Gateway)",
  categories: ["networking"],
  list: {
    ...OF_EACH_API,
    operation: "GetStages",
    result: "item[*]",
  },
  // Those of its API alone.
  one: ofItsApi,
  // A name is unique in its API alone.
  id: {
    of: ["$restApiId", "stageName"],
    read: (api, stage) => `${api}/${stage}`,
  },
  properties: {
    tags: tags("tags"),
    name: text("stageName"),
    ctime: time("createdDate"),
    mtime: time("lastUpdatedDate"),
    description: text("description"),
    stage_client_certificate_id: text("clientCertificateId"),
    stage_cache_cluster_enabled: flag("cacheClusterEnabled"),
    stage_cache_cluster_size: text("cacheClusterSize"),
    stage_cache_status: text("cacheClusterStatus"),
    stage_method_settings: json("methodSettings"),
    stage_variables: dictionary("variables"),
    stage_documentation_version: text("documentationVersion"),
    stage_access_log_settings: json("accessLogSettings"),
    stage_canary_settings: object("canarySettings", canarySetting),
    stage_tracing_enabled: flag("tracingEnabled"),
    stage_web_acl_arn: text("webAclArn"),
    api_link: text("$restApiId"),
  },
  edges: [
    { predecessor: "aws_apigateway_rest_api", id: "$restApiId" },
    {
      predecessor: "aws_apigateway_deployment",
      id: "deploymentId",
      deletedFirst: "self",
    },
    {
      successor: "aws_cloudwatch_log_group",
      id: "accessLogSettings.destinationArn",
      read: logGroupOfArn,
    },
  ],
  remove: {
    calls: [{
      service: "apigateway",
      operation: "DeleteStage",
      action: "apigateway:DELETE",
      input: ({ $restApiId, stageName }) => ({
        restApiId: String($restApiId),
        stageName: String(stageName),
      }),
    }],
    gone: ["NotFoundException"],
    later: ["ConflictException"],
  },
  tagging: apiGatewayTagging(({ reported }) =>
    `/restapis/${reported["api_link"]}/stages/${reported["name"]}`
  ),
};
