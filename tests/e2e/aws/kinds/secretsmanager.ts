import { SECRETSMANAGER_RESOURCES } from "../../../../plugins/aws/resources/secretsmanager/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of secretsmanager. */
export const SECRETSMANAGER_SUITE: KindsSuite = {
  module: "secretsmanager",
  resources: SECRETSMANAGER_RESOURCES,
  unset: {
    aws_secretsmanager_secret: {
      atime: "moto does not list when a secret was read",
      last_accessed_date: "moto does not list when a secret was read",
      "rotation_rules.duration": "moto keeps the days alone",
      "rotation_rules.schedule_expression": "moto keeps the days alone",
      owning_service: "no service of moto makes secrets",
    },
  },
};
