import { texts, type ValueDeclaration, valueKind } from "../../property.ts";

/** How an API or a domain can be reached. */
export const endpointConfiguration: ValueDeclaration = valueKind(
  "aws_apigateway_endpoint_configuration",
  {
    types: texts("types[*]"),
    vpc_endpoint_ids: texts("vpcEndpointIds[*]"),
  },
);
