import { ECR_RESOURCES } from "../../../plugins/aws/resources/ecr/mod.ts";
import { kindsSuite } from "../../helpers/moto/kinds_suite.ts";

await kindsSuite({
  module: "ecr",
  resources: ECR_RESOURCES,
});
