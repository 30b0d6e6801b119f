import { ECR_RESOURCES } from "../../../../plugins/aws/resources/ecr/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of ecr. */
export const ECR_SUITE: KindsSuite = {
  module: "ecr",
  resources: ECR_RESOURCES,
};
