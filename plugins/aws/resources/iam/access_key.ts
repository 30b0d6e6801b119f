import { arnName } from "../../arn.ts";
import type { ResourceDeclaration } from "../../declaration.ts";
import { object, text, time, valueKind, volatile } from "../../property.ts";
import { IAM_PAGES } from "./account_details.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";

const accessKeyLastUsed = valueKind("aws_iam_access_key_last_used", {
  last_used: time("LastUsedDate"),
  service_name: text("ServiceName"),
  region: text("Region"),
});

/** A key of a user; never its secret, which AWS tells nobody again. */
export const ACCESS_KEY: ResourceDeclaration = {
  kind: "aws_iam_access_key",
  bases: ["access_key"],
  description: "A key that a user calls AWS with",
  place: "global",
  list: {
    service: "iam",
    operation: "ListAccessKeys",
    result: "AccessKeyMetadata[*]",
    pages: IAM_PAGES,
    each: {
      kind: "aws_iam_user",
      path: "Arn",
      batch: 1,
      input: ([arn = ""]) => ({ UserName: arnName(arn) }),
      as: "$user",
    },
    // The user may have gone since it was listed, and its keys with it.
    none: NO_SUCH_ENTITY,
  },
  one: ({ reported }) => ({ UserName: String(reported["name"]) }),
  details: [
    {
      as: "$used",
      of: "AccessKeyId",
      service: "iam",
      operation: "GetAccessKeyLastUsed",
      askFor: ([AccessKeyId = ""]) => ({ AccessKeyId }),
      none: NO_SUCH_ENTITY,
    },
  ],
  id: "AccessKeyId",
  properties: {
    name: text("UserName"),
    ctime: time("CreateDate"),
    user_arn: text("$user"),
    access_key_status: text("Status"),
    access_key_last_used: volatile(
      object("$used.AccessKeyLastUsed", accessKeyLastUsed),
    ),
  },
  edges: [
    { predecessor: "aws_iam_user", id: "$user", deletedFirst: "self" },
  ],
  remove: {
    calls: [
      {
        service: "iam",
        operation: "DeleteAccessKey",
        input: (_item, { id, reported }) => ({
          UserName: String(reported["name"]),
          AccessKeyId: id,
        }),
      },
    ],
    gone: NO_SUCH_ENTITY,
  },
};
