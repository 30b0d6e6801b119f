import type { ResourceDeclaration } from "../../declaration.ts";
import { DOMAIN } from "./domain.ts";

/** The kinds of OpenSearch. */
export const OPENSEARCH_RESOURCES: readonly ResourceDeclaration[] = [
  DOMAIN,
];
