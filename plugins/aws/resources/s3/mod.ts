import type { ResourceDeclaration } from "../../declaration.ts";
import { BUCKET } from "./bucket.ts";

/** What S3 keeps, without the objects. */
export const S3_RESOURCES: readonly ResourceDeclaration[] = [BUCKET];
