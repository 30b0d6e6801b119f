import type { ResourceDeclaration } from "../../declaration.ts";
import { FUNCTION } from "./function.ts";

/** The kinds of Lambda, in no order that means anything. */
export const LAMBDA_RESOURCES: readonly ResourceDeclaration[] = [
  FUNCTION,
];
