import type { DetailCall, Item, WriteCall } from "../../declaration.ts";
import { readTexts } from "../../read_texts.ts";
import { arnName } from "../../arn.ts";
import { IAM_PAGES } from "./account_details.ts";
import { NO_SUCH_ENTITY } from "./no_such_entity.ts";

/** Devices that AWS knows as virtual: they are things of their own. */
const VIRTUAL = /^arn:[^:]+:iam::\d+:mfa\//;

function credentials(
  as: string,
  operation: string,
  result: string,
): DetailCall {
  return {
    as,
    of: "UserName",
    many: true,
    service: "iam",
    operation,
    askFor: ([UserName = ""]) => ({ UserName }),
    result,
    pages: IAM_PAGES,
    none: NO_SUCH_ENTITY,
  };
}

/**
 * What a user proves with who he is, beside password and access keys: IAM deletes
 * no user who still has any of it.
 */
export const USER_CREDENTIALS: readonly DetailCall[] = [
  credentials("$devices", "ListMFADevices", "MFADevices[*]"),
  credentials("$sshKeys", "ListSSHPublicKeys", "SSHPublicKeys[*]"),
  credentials("$certificates", "ListSigningCertificates", "Certificates[*]"),
  {
    ...credentials(
      "$services",
      "ListServiceSpecificCredentials",
      "ServiceSpecificCredentials[*]",
    ),
    // Few have any; who has some cannot be deleted then, which IAM says.
    without: "credentials for single services",
  },
];

/** A call for each of what is found at a path. */
function each(
  operation: string,
  path: string,
  member: string,
  { named = true, where = () => true }: {
    readonly named?: boolean;
    readonly where?: (id: string) => boolean;
  } = {},
): WriteCall {
  return {
    service: "iam",
    operation,
    input: (item: Item, { id }) =>
      readTexts(path, item).filter(where).map((value) => ({
        ...named && { UserName: arnName(id) },
        [member]: value,
      })),
    done: NO_SUCH_ENTITY,
  };
}

/** Calls that take {@linkcode USER_CREDENTIALS} away, and the password. */
export const WITHOUT_CREDENTIALS: readonly WriteCall[] = [
  {
    service: "iam",
    operation: "DeleteLoginProfile",
    input: (_item, { id }) => ({ UserName: arnName(id) }),
    done: NO_SUCH_ENTITY,
  },
  each("DeactivateMFADevice", "$devices[*].SerialNumber", "SerialNumber"),
  each("DeleteVirtualMFADevice", "$devices[*].SerialNumber", "SerialNumber", {
    named: false,
    where: (serial) => VIRTUAL.test(serial),
  }),
  each("DeleteSSHPublicKey", "$sshKeys[*].SSHPublicKeyId", "SSHPublicKeyId"),
  each(
    "DeleteSigningCertificate",
    "$certificates[*].CertificateId",
    "CertificateId",
  ),
  each(
    "DeleteServiceSpecificCredential",
    "$services[*].ServiceSpecificCredentialId",
    "ServiceSpecificCredentialId",
  ),
];
