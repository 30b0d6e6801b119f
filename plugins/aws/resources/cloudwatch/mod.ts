import type { ResourceDeclaration } from "../../declaration.ts";
import { ALARM } from "./alarm.ts";

/** The kinds of CloudWatch, in no order that means anything. */
export const CLOUDWATCH_RESOURCES: readonly ResourceDeclaration[] = [
  ALARM,
];
