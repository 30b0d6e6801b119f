import { REST_API } from "../../../../plugins/aws/resources/apigateway/rest_api.ts";
import { APIGATEWAY_RESOURCES } from "../../../../plugins/aws/resources/apigateway/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { notGiven } from "../../../helpers/moto/not_given.ts";

/** What moto shows of the kinds of apigateway. */
export const APIGATEWAY_SUITE: KindsSuite = {
  module: "apigateway",
  resources: APIGATEWAY_RESOURCES,
  notTagged: {
    aws_apigateway_rest_api: "moto changes tags of stages alone",
    aws_apigateway_domain_name: "moto changes tags of stages alone",
  },
  notDeleted: {
    aws_apigateway_rest_api: "its parts are deleted one by one here",
  },
  unset: {
    aws_apigateway_authorizer: notGiven(
      "authorizer_identity_validation_expression",
    ),
    aws_apigateway_deployment: notGiven("deployment_api_summary"),
    aws_apigateway_domain_name: notGiven(
      "domain_mutual_tls_authentication",
      "domain_ownership_verification_certificate_arn",
    ),
    aws_apigateway_resource: notGiven(
      "resource_methods.method_integration.connection_type",
      "resource_methods.method_integration.connection_id",
    ),
    aws_apigateway_rest_api: notGiven("api_warnings"),
    aws_apigateway_stage: notGiven(
      "ctime",
      "mtime",
      "stage_client_certificate_id",
      "stage_documentation_version",
      "stage_canary_settings",
      "stage_web_acl_arn",
    ),
  },
};

/** What moto shows of the kinds of rest_apis. */
export const REST_APIS_SUITE: KindsSuite = {
  module: "rest_apis",
  resources: [REST_API],
  notTagged: { aws_apigateway_rest_api: "moto changes tags of stages alone" },
  unset: { aws_apigateway_rest_api: notGiven("api_warnings") },
};
