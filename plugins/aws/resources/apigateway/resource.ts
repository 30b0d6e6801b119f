import type { ResourceDeclaration } from "../../declaration.ts";
import { requestMapping } from "./request_mapping.ts";
import {
  dictionary,
  flag,
  integer,
  json,
  object,
  objectsByName,
  text,
  texts,
  valueKind,
} from "../../property.ts";
import { API_GATEWAY_PAGES } from "./api_gateway_pages.ts";
import { functionOfUri } from "./function_of_uri.ts";
import { OF_EACH_API, ofItsApi } from "./of_each_api.ts";

const methodResponse = valueKind("aws_apigateway_method_response", {
  status_code: text("statusCode"),
  response_parameters: json("responseParameters"),
  response_models: dictionary("responseModels"),
});

const integrationResponse = valueKind("aws_apigateway_integration_response", {
  status_code: text("statusCode"),
  selection_pattern: text("selectionPattern"),
  response_parameters: dictionary("responseParameters"),
  response_templates: dictionary("responseTemplates"),
  content_handling: text("contentHandling"),
});

const integration = valueKind("aws_apigateway_integration", {
  integration_type: text("type"),
  http_method: text("httpMethod"),
  uri: text("uri"),
  connection_type: text("connectionType"),
  connection_id: text("connectionId"),
  credentials: text("credentials"),
  request_parameters: requestMapping("requestParameters"),
  request_templates: dictionary("requestTemplates"),
  passthrough_behavior: text("passthroughBehavior"),
  content_handling: text("contentHandling"),
  timeout_in_millis: integer("timeoutInMillis"),
  cache_namespace: text("cacheNamespace"),
  cache_key_parameters: texts("cacheKeyParameters[*]"),
  integration_responses: objectsByName(
    "integrationResponses",
    integrationResponse,
  ),
  tls_config: flag("tlsConfig.insecureSkipVerification"),
});

const method = valueKind("aws_apigateway_method", {
  http_method: text("httpMethod"),
  authorization_type: text("authorizationType"),
  authorizer_id: text("authorizerId"),
  api_key_required: flag("apiKeyRequired"),
  request_validator_id: text("requestValidatorId"),
  operation_name: text("operationName"),
  request_parameters: json("requestParameters"),
  request_models: dictionary("requestModels"),
  method_responses: objectsByName("methodResponses", methodResponse),
  method_integration: object("methodIntegration", integration),
  authorization_scopes: texts("authorizationScopes[*]"),
});

/** A path of a REST API, with its methods. */
export const RESOURCE: ResourceDeclaration = {
  kind: "aws_apigateway_resource",
  description: "A path of a REST API, and its methods (API Gateway)",
  categories: ["networking"],
  list: {
    ...OF_EACH_API,
    operation: "GetResources",
    input: { embed: ["methods"] },
    result: "items[*]",
    pages: API_GATEWAY_PAGES,
  },
  // Those of its API alone.
  one: ofItsApi,
  id: "id",
  properties: {
    resource_parent_id: text("parentId"),
    resource_path_part: text("pathPart"),
    resource_path: text("path"),
    resource_methods: objectsByName("resourceMethods", method),
    api_link: text("$restApiId"),
  },
  edges: [
    { predecessor: "aws_apigateway_rest_api", id: "$restApiId" },
    {
      successor: "aws_apigateway_authorizer",
      id: "resourceMethods[*].authorizerId",
      deletedFirst: "self",
    },
    {
      successor: "aws_lambda_function",
      id: "resourceMethods[*].methodIntegration.uri",
      read: functionOfUri,
    },
  ],
  remove: {
    refuse: ({ path }) =>
      path === "/" ? "it is the root of its API" : undefined,
    calls: [{
      service: "apigateway",
      operation: "DeleteResource",
      action: "apigateway:DELETE",
      input: ({ $restApiId }, { id }) => ({
        restApiId: String($restApiId),
        resourceId: id,
      }),
    }],
    gone: ["NotFoundException"],
    later: ["ConflictException"],
  },
};
