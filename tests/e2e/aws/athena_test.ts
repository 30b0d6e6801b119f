import { ATHENA_RESOURCES } from "../../../plugins/aws/resources/athena/mod.ts";
import { kindsSuite } from "../../helpers/moto/kinds_suite.ts";

await kindsSuite({
  module: "athena",
  resources: ATHENA_RESOURCES,
  notDeleted: {
    aws_athena_data_catalog: "moto has no DeleteDataCatalog",
    aws_athena_work_group:
      "moto makes up its time with each answer, as if it had changed",
  },
});
