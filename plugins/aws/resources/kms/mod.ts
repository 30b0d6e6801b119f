import type { ResourceDeclaration } from "../../declaration.ts";
import { KEY } from "./key.ts";

/** What KMS keeps. */
export const KMS_RESOURCES: readonly ResourceDeclaration[] = [KEY];
