import type { ResourceDeclaration } from "../../declaration.ts";
import { SERVICE_QUOTA } from "./service_quota.ts";

/** What bounds how much an account may have. */
export const QUOTAS_RESOURCES: readonly ResourceDeclaration[] = [SERVICE_QUOTA];
