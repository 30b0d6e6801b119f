import type { ResourceDeclaration } from "../../declaration.ts";
import { CERTIFICATE } from "./certificate.ts";

/** What ACM keeps. */
export const ACM_RESOURCES: readonly ResourceDeclaration[] = [CERTIFICATE];
