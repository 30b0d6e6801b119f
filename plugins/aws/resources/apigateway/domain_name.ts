import type { ResourceDeclaration } from "../../declaration.ts";
import { object, tags, text, texts, time, valueKind } from "../../property.ts";
import { endpointConfiguration } from "./shared_values.ts";
import { API_GATEWAY_PAGES } from "./api_gateway_pages.ts";
import { apiGatewayTagging } from "./api_gateway_tagging.ts";

const mutualTlsAuthentication = valueKind(
  "aws_apigateway_mutual_tls_authentication",
  {
    truststore_uri: text("truststoreUri"),
    truststore_version: text("truststoreVersion"),
    truststore_warnings: texts("truststoreWarnings[*]"),
  },
);

/** A domain of the account that APIs are reached by. */
export const DOMAIN_NAME: ResourceDeclaration = {
  kind: "aws_apigateway_domain_name",
  description: "A domain that APIs are reached by (API Gateway)",
  categories: ["networking", "dns"],
  list: {
    service: "apigateway",
    operation: "GetDomainNames",
    action: "apigateway:GET",
    result: "items[*]",
    pages: API_GATEWAY_PAGES,
    omitsEmpty: true,
  },
  id: "domainName",
  properties: {
    tags: tags("tags"),
    name: text("domainName"),
    domain_certificate_name: text("certificateName"),
    domain_certificate_arn: text("certificateArn"),
    domain_certificate_upload_date: time("certificateUploadDate"),
    domain_regional_domain_name: text("regionalDomainName"),
    domain_regional_hosted_zone_id: text("regionalHostedZoneId"),
    domain_regional_certificate_name: text("regionalCertificateName"),
    domain_regional_certificate_arn: text("regionalCertificateArn"),
    domain_distribution_domain_name: text("distributionDomainName"),
    domain_distribution_hosted_zone_id: text("distributionHostedZoneId"),
    domain_endpoint_configuration: object(
      "endpointConfiguration",
      endpointConfiguration,
    ),
    domain_domain_name_status: text("domainNameStatus"),
    domain_domain_name_status_message: text("domainNameStatusMessage"),
    domain_security_policy: text("securityPolicy"),
    domain_mutual_tls_authentication: object(
      "mutualTlsAuthentication",
      mutualTlsAuthentication,
    ),
    domain_ownership_verification_certificate_arn: text(
      "ownershipVerificationCertificateArn",
    ),
  },
  edges: [
    {
      successor: "aws_vpc_endpoint",
      id: "endpointConfiguration.vpcEndpointIds[*]",
      deletedFirst: "self",
    },
    {
      successor: "aws_acm_certificate",
      id: "regionalCertificateArn",
      deletedFirst: "self",
    },
    {
      successor: "aws_acm_certificate",
      id: "certificateArn",
      deletedFirst: "self",
    },
  ],
  tagging: apiGatewayTagging(({ id }) => `/domainnames/${id}`),
};
