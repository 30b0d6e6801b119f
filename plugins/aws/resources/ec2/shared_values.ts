import { text, type ValueDeclaration, valueKind } from "../../property.ts";

/** A security group, as others name it. */
export const groupIdentifier: ValueDeclaration = valueKind(
  "aws_ec2_group_identifier",
  {
    group_name: text("GroupName"),
    group_id: text("GroupId"),
  },
);

/** A product of the marketplace. */
export const productCode: ValueDeclaration = valueKind("aws_ec2_product_code", {
  product_code_id: text("ProductCodeId"),
  product_code_type: text("ProductCodeType"),
});

/** Why something is in its state. */
export const stateReason: ValueDeclaration = valueKind("aws_ec2_state_reason", {
  code: text("Code"),
  message: text("Message"),
});
