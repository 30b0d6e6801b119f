import {
  dictionary,
  flag,
  integer,
  object,
  objects,
  text,
  texts,
  type ValueDeclaration,
  valueKind,
} from "../../property.ts";

const certificate = valueKind("aws_alb_certificate", {
  certificate_arn: text("CertificateArn"),
  is_default: flag("IsDefault"),
});

const authenticateOidcActionConfig = valueKind(
  "aws_alb_authenticate_oidc_action_config",
  {
    issuer: text("Issuer"),
    authorization_endpoint: text("AuthorizationEndpoint"),
    token_endpoint: text("TokenEndpoint"),
    user_info_endpoint: text("UserInfoEndpoint"),
    client_id: text("ClientId"),
    session_cookie_name: text("SessionCookieName"),
    scope: text("Scope"),
    session_timeout: integer("SessionTimeout"),
    authentication_request_extra_params: dictionary(
      "AuthenticationRequestExtraParams",
    ),
    on_unauthenticated_request: text("OnUnauthenticatedRequest"),
    use_existing_client_secret: flag("UseExistingClientSecret"),
  },
);

const authenticateCognitoActionConfig = valueKind(
  "aws_alb_authenticate_cognito_action_config",
  {
    user_pool_arn: text("UserPoolArn"),
    user_pool_client_id: text("UserPoolClientId"),
    user_pool_domain: text("UserPoolDomain"),
    session_cookie_name: text("SessionCookieName"),
    scope: text("Scope"),
    session_timeout: integer("SessionTimeout"),
    authentication_request_extra_params: dictionary(
      "AuthenticationRequestExtraParams",
    ),
    on_unauthenticated_request: text("OnUnauthenticatedRequest"),
  },
);

const redirectActionConfig = valueKind("aws_alb_redirect_action_config", {
  protocol: text("Protocol"),
  port: text("Port"),
  host: text("Host"),
  path: text("Path"),
  query: text("Query"),
  status_code: text("StatusCode"),
});

const fixedResponseActionConfig = valueKind(
  "aws_alb_fixed_response_action_config",
  {
    message_body: text("MessageBody"),
    status_code: text("StatusCode"),
    content_type: text("ContentType"),
  },
);

const targetGroupTuple = valueKind("aws_alb_target_group_tuple", {
  target_group_arn: text("TargetGroupArn"),
  weight: integer("Weight"),
});

const targetGroupStickinessConfig = valueKind(
  "aws_alb_target_group_stickiness_config",
  {
    enabled: flag("Enabled"),
    duration_seconds: integer("DurationSeconds"),
  },
);

const forwardActionConfig = valueKind("aws_alb_forward_action_config", {
  target_groups: objects("TargetGroups", targetGroupTuple),
  target_group_stickiness_config: object(
    "TargetGroupStickinessConfig",
    targetGroupStickinessConfig,
  ),
});

const action = valueKind("aws_alb_action", {
  type: text("Type"),
  target_group_arn: text("TargetGroupArn"),
  authenticate_oidc_config: object(
    "AuthenticateOidcConfig",
    authenticateOidcActionConfig,
  ),
  authenticate_cognito_config: object(
    "AuthenticateCognitoConfig",
    authenticateCognitoActionConfig,
  ),
  order: integer("Order"),
  redirect_config: object("RedirectConfig", redirectActionConfig),
  fixed_response_config: object(
    "FixedResponseConfig",
    fixedResponseActionConfig,
  ),
  forward_config: object("ForwardConfig", forwardActionConfig),
});

/** What a load balancer listens on. The secret of a client is never shown. */
export const listener: ValueDeclaration = valueKind("aws_alb_listener", {
  listener_arn: text("ListenerArn"),
  load_balancer_arn: text("LoadBalancerArn"),
  port: integer("Port"),
  protocol: text("Protocol"),
  certificates: objects("Certificates", certificate),
  ssl_policy: text("SslPolicy"),
  default_actions: objects("DefaultActions", action),
  alpn_policy: texts("AlpnPolicy[*]"),
});
