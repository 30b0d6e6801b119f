import { policy, text, time, valueKind } from "../../property.ts";

/** A policy that is written into a user, a group or a role. */
export const policyDetail = valueKind("aws_iam_policy_detail", {
  policy_name: text("PolicyName"),
  policy_document: policy("PolicyDocument"),
});

/** The policy that bounds a user or a role. */
export const permissionsBoundary = valueKind(
  "aws_iam_attached_permissions_boundary",
  {
    permissions_boundary_type: text("PermissionsBoundaryType"),
    permissions_boundary_arn: text("PermissionsBoundaryArn"),
  },
);

/** A device that makes one-time passwords. */
export const virtualMfaDevice = valueKind("aws_iam_virtual_mfa_device", {
  serial_number: text("SerialNumber"),
  enable_date: time("EnableDate"),
});
