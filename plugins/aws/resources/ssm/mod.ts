import type { ResourceDeclaration } from "../../declaration.ts";
import { DOCUMENT } from "./document.ts";
import { INSTANCE } from "./instance.ts";
import { PARAMETER } from "./parameter.ts";

/** What Systems Manager keeps, without the values of parameters. */
export const SSM_RESOURCES: readonly ResourceDeclaration[] = [
  DOCUMENT,
  INSTANCE,
  PARAMETER,
];
