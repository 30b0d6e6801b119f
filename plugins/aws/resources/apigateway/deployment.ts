import type { ResourceDeclaration } from "../../declaration.ts";
import { json, text, time } from "../../property.ts";
import { API_GATEWAY_PAGES } from "./api_gateway_pages.ts";
import { OF_EACH_API, ofItsApi } from "./of_each_api.ts";

/** A state of a REST API that was made ready to be served. */
export const DEPLOYMENT: ResourceDeclaration = {
  kind: "aws_apigateway_deployment",
  description: "A state of a REST API that stages can serve (API Gateway)",
  categories: ["networking"],
  list: {
    ...OF_EACH_API,
    operation: "GetDeployments",
    result: "items[*]",
    pages: API_GATEWAY_PAGES,
  },
  // Those of its API alone.
  one: ofItsApi,
  id: "id",
  properties: {
    ctime: time("createdDate"),
    description: text("description"),
    deployment_api_summary: json("apiSummary"),
    api_link: text("$restApiId"),
  },
  edges: [
    { predecessor: "aws_apigateway_rest_api", id: "$restApiId" },
  ],
  remove: {
    calls: [{
      service: "apigateway",
      operation: "DeleteDeployment",
      action: "apigateway:DELETE",
      input: ({ $restApiId }, { id }) => ({
        restApiId: String($restApiId),
        deploymentId: id,
      }),
    }],
    gone: ["NotFoundException"],
    later: ["ConflictException"],
  },
};
