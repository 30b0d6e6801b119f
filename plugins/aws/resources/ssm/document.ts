import type { ResourceDeclaration } from "../../declaration.ts";
import {
  json,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import { readTexts } from "../../read_texts.ts";
import { SSM_PAGES } from "./ssm_pages.ts";
import { ssmTagging } from "./ssm_tagging.ts";

const documentParameter = valueKind("aws_ssm_document_parameter", {
  name: text("Name"),
  type: text("Type"),
  description: text("Description"),
  default_value: text("DefaultValue"),
});

const documentRequires = valueKind("aws_ssm_document_requires", {
  name: text("Name"),
  version: text("Version"),
  require_type: text("RequireType"),
  version_name: text("VersionName"),
});

const reviewInformation = valueKind("aws_ssm_review_information", {
  reviewed_time: time("ReviewedTime"),
  status: text("Status"),
  reviewer: text("Reviewer"),
});

const sharingInfo = valueKind("aws_ssm_account_sharing_info", {
  account_id: text("AccountId"),
  shared_document_version: text("SharedDocumentVersion"),
});

/** What a document that was deleted meanwhile is told by. */
const NO_DOCUMENT = ["InvalidDocument", "InvalidDocumentException"];

/** Accounts that one call takes a document from at most. */
const ACCOUNTS = 20;

function groupsOf(accounts: readonly string[]): string[][] {
  return Array.from(
    { length: Math.ceil(accounts.length / ACCOUNTS) },
    (_, at) => accounts.slice(at * ACCOUNTS, (at + 1) * ACCOUNTS),
  );
}

/** A document of the account; those of Amazon are not listed. */
export const DOCUMENT: ResourceDeclaration = {
  kind: "aws_ssm_document",
  description: "A document of Systems Manager: a runbook, a command, a policy",
  categories: ["management"],
  list: {
    service: "ssm",
    operation: "ListDocuments",
    input: { Filters: [{ Key: "Owner", Values: ["Self"] }] },
    result: "DocumentIdentifiers[*]",
    pages: SSM_PAGES,
  },
  details: [
    {
      as: "$document",
      of: "Name",
      service: "ssm",
      operation: "DescribeDocument",
      askFor: ([Name = ""]) => ({ Name }),
      result: "Document",
      none: NO_DOCUMENT,
    },
    {
      as: "$content",
      of: "Name",
      service: "ssm",
      operation: "GetDocument",
      askFor: ([Name = ""]) => ({ Name }),
      none: NO_DOCUMENT,
    },
    {
      as: "$shared",
      of: "Name",
      many: true,
      service: "ssm",
      operation: "DescribeDocumentPermission",
      input: { PermissionType: "Share" },
      askFor: ([Name = ""]) => ({ Name }),
      result: "AccountSharingInfoList[*]",
      omitsEmpty: true,
      pages: { input: "NextToken", output: "NextToken" },
      none: NO_DOCUMENT,
    },
  ],
  id: "Name",
  properties: {
    tags: tags("Tags"),
    name: text("Name"),
    ctime: time("CreatedDate", "$document.CreatedDate"),
    sha1: text("$document.Sha1"),
    hash: text("$document.Hash"),
    hash_type: text("$document.HashType"),
    display_name: text("DisplayName", "$document.DisplayName"),
    version_name: text("VersionName"),
    owner: text("Owner"),
    status: text("$document.Status"),
    status_information: text("$document.StatusInformation"),
    document_version: text("DocumentVersion"),
    description: text("$document.Description"),
    parameters: objects("$document.Parameters", documentParameter),
    platform_types: texts("PlatformTypes[*]"),
    document_type: text("DocumentType"),
    schema_version: text("SchemaVersion"),
    latest_version: text("$document.LatestVersion"),
    default_version: text("$document.DefaultVersion"),
    document_format: text("DocumentFormat"),
    target_type: text("TargetType"),
    attachments_information: texts(
      "$document.AttachmentsInformation[*].Name",
    ),
    requires: objects("Requires", documentRequires),
    author: text("Author"),
    review_information: objects(
      "$document.ReviewInformation",
      reviewInformation,
    ),
    approved_version: text("$document.ApprovedVersion"),
    pending_review_version: text("$document.PendingReviewVersion"),
    review_status: text("ReviewStatus"),
    category: texts("$document.Category[*]"),
    category_enum: texts("$document.CategoryEnum[*]"),
    content: json("$content.Content"),
    document_shared_with_accounts: unordered(texts("$shared[*].AccountId")),
    document_sharing_info: unordered(objects("$shared", sharingInfo)),
  },
  remove: {
    // A shared document cannot be deleted.
    calls: [
      {
        service: "ssm",
        operation: "ModifyDocumentPermission",
        input: (item, { id }) =>
          groupsOf(readTexts("$shared[*].AccountId", item))
            .map((AccountIdsToRemove) => ({
              Name: id,
              PermissionType: "Share",
              AccountIdsToRemove,
            })),
      },
      {
        service: "ssm",
        operation: "DeleteDocument",
        input: (_item, { id }) => ({ Name: id }),
      },
    ],
    // Its first calls take these away.
    follows: {
      document_shared_with_accounts: "less",
      document_sharing_info: "less",
    },
    gone: NO_DOCUMENT,
  },
  tagging: ssmTagging("Document"),
};
