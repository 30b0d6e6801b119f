import type { ResourceDeclaration } from "../../declaration.ts";
import {
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import { keyValueTags } from "../key_value_tags.ts";

const resourceRecord = valueKind("aws_acm_resource_record", {
  name: text("Name"),
  type: text("Type"),
  value: text("Value"),
});

const domainValidation = valueKind("aws_acm_domain_validation", {
  domain_name: text("DomainName"),
  validation_emails: texts("ValidationEmails[*]"),
  validation_domain: text("ValidationDomain"),
  validation_status: text("ValidationStatus"),
  resource_record: object("ResourceRecord", resourceRecord),
  validation_method: text("ValidationMethod"),
});

const renewalSummary = valueKind("aws_acm_renewal_summary", {
  renewal_status: text("RenewalStatus"),
  domain_validation_options: objects(
    "DomainValidationOptions",
    domainValidation,
  ),
  renewal_status_reason: text("RenewalStatusReason"),
  updated_at: time("UpdatedAt"),
});

const extendedKeyUsage = valueKind("aws_acm_extended_key_usage", {
  name: text("Name"),
  oid: text("OID"),
});

/** Every kind of key: ACM lists those of RSA_1024 and RSA_2048 alone by default. */
const KEY_TYPES = [
  "RSA_1024",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "EC_prime256v1",
  "EC_secp384r1",
  "EC_secp521r1",
];

/** A certificate. */
export const CERTIFICATE: ResourceDeclaration = {
  kind: "aws_acm_certificate",
  bases: ["certificate"],
  description: "A certificate that ACM keeps and, mostly, renews",
  list: {
    service: "acm",
    operation: "ListCertificates",
    input: { Includes: { keyTypes: KEY_TYPES } },
    result: "CertificateSummaryList[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxItems", 1000],
    },
  },
  details: [
    {
      as: "$certificate",
      of: "CertificateArn",
      service: "acm",
      operation: "DescribeCertificate",
      askFor: ([CertificateArn = ""]) => ({ CertificateArn }),
      result: "Certificate",
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$tags",
      of: "CertificateArn",
      service: "acm",
      operation: "ListTagsForCertificate",
      askFor: ([CertificateArn = ""]) => ({ CertificateArn }),
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "CertificateArn",
  properties: {
    tags: tags("$tags.Tags"),
    name: text("DomainName"),
    ctime: time("$certificate.CreatedAt", "$certificate.ImportedAt"),
    mtime: time("$certificate.RenewalSummary.UpdatedAt"),
    arn: text("CertificateArn"),
    subject_alternative_names: texts(
      "$certificate.SubjectAlternativeNames[*]",
    ),
    domain_validation_options: unordered(
      objects("$certificate.DomainValidationOptions", domainValidation),
    ),
    serial: text("$certificate.Serial"),
    subject: text("$certificate.Subject"),
    issuer: text("$certificate.Issuer"),
    issued_at: time("$certificate.IssuedAt"),
    imported_at: time("$certificate.ImportedAt"),
    status: text("$certificate.Status"),
    revoked_at: time("$certificate.RevokedAt"),
    revocation_reason: text("$certificate.RevocationReason"),
    not_before: time("$certificate.NotBefore"),
    not_after: time("$certificate.NotAfter"),
    key_algorithm: text("$certificate.KeyAlgorithm"),
    signature_algorithm: text("$certificate.SignatureAlgorithm"),
    in_use_by: unordered(texts("$certificate.InUseBy[*]")),
    failure_reason: text("$certificate.FailureReason"),
    type: text("$certificate.Type"),
    renewal_summary: object("$certificate.RenewalSummary", renewalSummary),
    key_usages: texts("$certificate.KeyUsages[*].Name"),
    extended_key_usages: objects(
      "$certificate.ExtendedKeyUsages",
      extendedKeyUsage,
    ),
    certificate_authority_arn: text("$certificate.CertificateAuthorityArn"),
    renewal_eligibility: text("$certificate.RenewalEligibility"),
    certificate_transparency_logging: text(
      "$certificate.Options.CertificateTransparencyLoggingPreference",
    ),
    expires: time("$certificate.NotAfter"),
    dns_names: texts("$certificate.SubjectAlternativeNames[*]"),
  },
  remove: {
    follows: { in_use_by: "less" },
    calls: [
      {
        service: "acm",
        operation: "DeleteCertificate",
        input: (_item, { id }) => ({ CertificateArn: id }),
      },
    ],
    gone: ["ResourceNotFoundException"],
    // ACM sees minutes later that whom it served is gone.
    later: ["ResourceInUseException"],
    withinSeconds: 600,
  },
  tagging: {
    set: {
      service: "acm",
      operation: "AddTagsToCertificate",
      input: ({ id }, tags) => ({
        CertificateArn: id,
        Tags: keyValueTags(tags),
      }),
    },
    unset: {
      service: "acm",
      operation: "RemoveTagsFromCertificate",
      input: ({ id }, keys) => ({
        CertificateArn: id,
        Tags: keys.map((Key) => ({ Key })),
      }),
    },
  },
};
