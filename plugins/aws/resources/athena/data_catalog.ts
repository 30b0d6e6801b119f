import type { ResourceDeclaration } from "../../declaration.ts";
import { athenaTagging, athenaTags } from "./athena_tagging.ts";
import { dictionary, tags, text } from "../../property.ts";

/** A data catalog of Athena; the one of AWS Glue is always there. */
export const DATA_CATALOG: ResourceDeclaration = {
  kind: "aws_athena_data_catalog",
  description: "A catalog of data that can be queried (Athena)",
  list: {
    service: "athena",
    operation: "ListDataCatalogs",
    result: "DataCatalogsSummary[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxResults", 50],
    },
  },
  details: [
    {
      as: "$catalog",
      of: "CatalogName",
      service: "athena",
      operation: "GetDataCatalog",
      askFor: ([name = ""]) => ({ Name: name }),
      result: "DataCatalog",
    },
    athenaTags("datacatalog", "CatalogName"),
  ],
  id: "CatalogName",
  properties: {
    name: text("CatalogName"),
    tags: tags("$tags"),
    description: text("$catalog.Description"),
    datacatalog_type: text("$catalog.Type", "Type"),
    datacatalog_parameters: dictionary("$catalog.Parameters"),
  },
  remove: {
    calls: [{
      service: "athena",
      operation: "DeleteDataCatalog",
      input: (_, { id }) => ({ Name: id }),
    }],
    refuse: ({ CatalogName }) =>
      CatalogName === "AwsDataCatalog"
        ? "every account has this one"
        : undefined,
    gone: [],
  },
  tagging: athenaTagging("datacatalog"),
};
