import { arnName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { tags, text, time } from "../../property.ts";
import { IAM_PAGES } from "./account_details.ts";
import { iamTagging } from "./iam_tagging.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";
import { NOT_YET } from "./not_yet.ts";

/** A certificate that is kept in IAM; newer ones are in ACM. */
export const SERVER_CERTIFICATE: ResourceDeclaration = {
  kind: "aws_iam_server_certificate",
  bases: ["certificate"],
  description: "A certificate that is kept in IAM",
  place: "global",
  list: {
    service: "iam",
    operation: "ListServerCertificates",
    result: "ServerCertificateMetadataList[*]",
    pages: IAM_PAGES,
  },
  details: [
    {
      as: "$tags",
      of: "ServerCertificateName",
      many: true,
      service: "iam",
      operation: "ListServerCertificateTags",
      askFor: ([ServerCertificateName = ""]) => ({ ServerCertificateName }),
      result: "Tags[*]",
      pages: IAM_PAGES,
      none: NO_SUCH_ENTITY,
    },
  ],
  id: "Arn",
  properties: {
    tags: tags("$tags"),
    name: text("ServerCertificateName"),
    ctime: time("UploadDate"),
    arn: text("Arn"),
    server_certificate_id: text("ServerCertificateId"),
    path: text("Path"),
    expires: time("Expiration"),
  },
  remove: {
    calls: [
      {
        service: "iam",
        operation: "DeleteServerCertificate",
        input: (_item, { id }) => ({ ServerCertificateName: arnName(id) }),
      },
    ],
    gone: NO_SUCH_ENTITY,
    later: NOT_YET,
  },
  tagging: iamTagging("ServerCertificate"),
};
