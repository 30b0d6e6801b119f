import type { DetailCall } from "../../declaration.ts";
import { IAM_PAGES } from "./account_details.ts";

/** The virtual devices of all users, found by the ARN of their user. */
export function mfaDevices(of: string): DetailCall {
  return {
    as: "$mfa",
    of,
    all: true,
    many: true,
    service: "iam",
    operation: "ListVirtualMFADevices",
    input: { AssignmentStatus: "Assigned" },
    askFor: () => ({}),
    result: "VirtualMFADevices[*]",
    match: "User.Arn",
    pages: IAM_PAGES,
  };
}
