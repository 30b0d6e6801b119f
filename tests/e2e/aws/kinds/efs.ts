import { EFS_RESOURCES } from "../../../../plugins/aws/resources/efs/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of efs. */
export const EFS_SUITE: KindsSuite = {
  module: "efs",
  resources: EFS_RESOURCES,
};
