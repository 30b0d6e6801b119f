import type { ResourceDeclaration } from "../../declaration.ts";
import { constant, objects, text, time } from "../../property.ts";
import {
  CREDENTIAL_REPORT,
  credentialProperties,
  isRoot,
} from "./credential_report.ts";
import { mfaDevices } from "./mfa_devices.ts";
import { virtualMfaDevice } from "./shared_values.ts";

/** The user that an account begins with, who may do everything. */
export const ROOT_USER: ResourceDeclaration = {
  kind: "aws_root_user",
  bases: ["user", "iam_principal"],
  description: "The user that the account belongs to, who may do everything",
  place: "global",
  list: { ...CREDENTIAL_REPORT, where: isRoot },
  details: [mfaDevices("arn")],
  id: "arn",
  properties: {
    name: constant("root"),
    ctime: time("userCreationTime"),
    arn: text("arn"),
    ...credentialProperties(),
    user_virtual_mfa_devices: objects("$mfa", virtualMfaDevice),
  },
};
