import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  policy,
  tags,
  text,
  texts,
  time,
} from "../../property.ts";
import { endpointConfiguration } from "./shared_values.ts";
import { API_GATEWAY_PAGES } from "./api_gateway_pages.ts";
import { apiGatewayTagging } from "./api_gateway_tagging.ts";

/** A REST API. Its parts go with it. */
export const REST_API: ResourceDeclaration = {
  kind: "aws_apigateway_rest_api",
  description: "A REST API (API Gateway)",
  categories: ["networking"],
  list: {
    service: "apigateway",
    operation: "GetRestApis",
    action: "apigateway:GET",
    result: "items[*]",
    pages: API_GATEWAY_PAGES,
    omitsEmpty: true,
  },
  id: "id",
  properties: {
    tags: tags("tags"),
    name: text("name"),
    ctime: time("createdDate"),
    description: text("description"),
    api_version: text("version"),
    api_warnings: texts("warnings[*]"),
    api_binary_media_types: texts("binaryMediaTypes[*]"),
    api_minimum_compression_size: integer("minimumCompressionSize"),
    api_key_source: text("apiKeySource"),
    api_endpoint_configuration: object(
      "endpointConfiguration",
      endpointConfiguration,
    ),
    api_policy: policy("policy"),
    api_disable_execute_api_endpoint: flag("disableExecuteApiEndpoint"),
  },
  edges: [{
    successor: "aws_vpc_endpoint",
    id: "endpointConfiguration.vpcEndpointIds[*]",
    deletedFirst: "self",
  }],
  remove: {
    calls: [{
      service: "apigateway",
      operation: "DeleteRestApi",
      action: "apigateway:DELETE",
      input: (_, { id }) => ({ restApiId: id }),
    }],
    gone: ["NotFoundException"],
    // AWS deletes one of them in 30 seconds, and no more.
    later: ["ConflictException", "TooManyRequestsException"],
    withinSeconds: 900,
  },
  tagging: apiGatewayTagging(({ id }) => `/restapis/${id}`),
};
