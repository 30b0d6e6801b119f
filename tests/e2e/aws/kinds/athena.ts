import { ATHENA_RESOURCES } from "../../../../plugins/aws/resources/athena/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of athena. */
export const ATHENA_SUITE: KindsSuite = {
  module: "athena",
  resources: ATHENA_RESOURCES,
  notDeleted: {
    aws_athena_data_catalog: "moto has no DeleteDataCatalog",
    aws_athena_work_group:
      "moto makes up its time with each answer, as if it had changed",
  },
};
