import type { ResourceDeclaration } from "../../declaration.ts";
import { STACK } from "./stack.ts";
import { STACK_INSTANCE_SUMMARY } from "./stack_instance_summary.ts";
import { STACK_SET } from "./stack_set.ts";

/** The kinds of CloudFormation, in no order that means anything. */
export const CLOUDFORMATION_RESOURCES: readonly ResourceDeclaration[] = [
  STACK,
  STACK_INSTANCE_SUMMARY,
  STACK_SET,
];
