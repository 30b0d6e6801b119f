import type { ResourceDeclaration } from "../../declaration.ts";
import { integer, text, texts } from "../../property.ts";
import { API_GATEWAY_PAGES } from "./api_gateway_pages.ts";
import { functionOfUri } from "./function_of_uri.ts";
import { OF_EACH_API, ofItsApi } from "./of_each_api.ts";

/** What decides who may call methods of a REST API. */
export const AUTHORIZER: ResourceDeclaration = {
  kind: "aws_apigateway_authorizer",
  description: "Who may call methods of a REST API (API Gateway)",
  categories: ["networking", "security"],
  list: {
    ...OF_EACH_API,
    operation: "GetAuthorizers",
    result: "items[*]",
    pages: API_GATEWAY_PAGES,
  },
  // Those of its API alone.
  one: ofItsApi,
  id: "id",
  properties: {
    name: text("name"),
    authorizer_type: text("type"),
    authorizer_provider_arns: texts("providerARNs[*]"),
    authorizer_auth_type: text("authType"),
    authorizer_uri: text("authorizerUri"),
    authorizer_credentials: text("authorizerCredentials"),
    authorizer_identity_source: text("identitySource"),
    authorizer_identity_validation_expression: text(
      "identityValidationExpression",
    ),
    authorizer_result_ttl_in_seconds: integer("authorizerResultTtlInSeconds"),
    api_link: text("$restApiId"),
  },
  edges: [
    { predecessor: "aws_apigateway_rest_api", id: "$restApiId" },
    {
      predecessor: "aws_iam_role",
      id: "authorizerCredentials",
      deletedFirst: "self",
    },
    {
      successor: "aws_lambda_function",
      id: "authorizerUri",
      read: functionOfUri,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "apigateway",
      operation: "DeleteAuthorizer",
      action: "apigateway:DELETE",
      input: ({ $restApiId }, { id }) => ({
        restApiId: String($restApiId),
        authorizerId: id,
      }),
    }],
    gone: ["NotFoundException"],
    later: ["ConflictException"],
  },
};
