import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";
import { IAM_RESOURCES } from "../../../../plugins/aws/resources/iam/mod.ts";

/** What moto shows of the kinds of iam. */
export const IAM_SUITE: KindsSuite = {
  module: "iam",
  resources: IAM_RESOURCES,
  unset: {
    aws_iam_policy: {
      policy_permissions_boundary_usage_count: "moto does not count it",
    },
    aws_iam_role: { "role_last_used.region": "moto knows the time alone" },
    aws_iam_user: {
      user_permissions_boundary: "moto tells it for single users alone",
      password_last_used: "nobody can log in to moto",
      password_next_rotation: "moto knows no rotation of passwords",
    },
  },
  notInMoto: {
    aws_root_user: "its credential report has no line of the root user",
    aws_iam_server_certificate: "it has no ListServerCertificateTags",
  },
};
