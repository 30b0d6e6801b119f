import type { ResourceDeclaration } from "../../declaration.ts";
import { GLOBAL_TABLE } from "./global_table.ts";
import { TABLE } from "./table.ts";

/** The kinds of DynamoDB. */
export const DYNAMODB_RESOURCES: readonly ResourceDeclaration[] = [
  GLOBAL_TABLE,
  TABLE,
];
