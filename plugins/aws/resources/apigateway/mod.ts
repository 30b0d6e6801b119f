import type { ResourceDeclaration } from "../../declaration.ts";
import { AUTHORIZER } from "./authorizer.ts";
import { DEPLOYMENT } from "./deployment.ts";
import { DOMAIN_NAME } from "./domain_name.ts";
import { RESOURCE } from "./resource.ts";
import { REST_API } from "./rest_api.ts";
import { STAGE } from "./stage.ts";

/** The kinds of API Gateway, in no order that means anything. */
export const APIGATEWAY_RESOURCES: readonly ResourceDeclaration[] = [
  AUTHORIZER,
  DEPLOYMENT,
  DOMAIN_NAME,
  RESOURCE,
  REST_API,
  STAGE,
];
