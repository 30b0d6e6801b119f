import type { ResourceDeclaration } from "../../declaration.ts";
import { ACCESS_KEY } from "./access_key.ts";
import { GROUP } from "./group.ts";
import { INSTANCE_PROFILE } from "./instance_profile.ts";
import { POLICY } from "./policy.ts";
import { ROLE } from "./role.ts";
import { ROOT_USER } from "./root_user.ts";
import { SERVER_CERTIFICATE } from "./server_certificate.ts";
import { USER } from "./user.ts";

/** What IAM keeps: who there is, and what they may do. */
export const IAM_RESOURCES: readonly ResourceDeclaration[] = [
  ACCESS_KEY,
  GROUP,
  INSTANCE_PROFILE,
  POLICY,
  ROLE,
  ROOT_USER,
  SERVER_CERTIFICATE,
  USER,
];
