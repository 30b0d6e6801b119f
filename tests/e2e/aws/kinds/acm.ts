import { ACM_RESOURCES } from "../../../../plugins/aws/resources/acm/mod.ts";
import type { KindsSuite } from "../../../helpers/moto/kinds_suite.ts";

/** What moto shows of the kinds of acm. */
export const ACM_SUITE: KindsSuite = {
  module: "acm",
  resources: ACM_RESOURCES,
  unset: {
    aws_acm_certificate: {
      mtime: "moto renews nothing",
      renewal_summary: "moto renews nothing",
      "domain_validation_options.validation_emails": "moto writes no mails",
      revoked_at: "moto revokes nothing",
      revocation_reason: "moto revokes nothing",
      failure_reason: "no request fails in moto",
      key_usages: "moto does not read them out of a certificate",
      extended_key_usages: "moto does not read them out of a certificate",
      certificate_authority_arn: "moto signs with no authority of its own",
    },
  },
};
