import { arnName } from "../../arn.ts";
import type { Tagging } from "../../declaration.ts";
import { keyValueTags } from "../key_value_tags.ts";

/** How IAM tags: each kind has its calls, and is named by its ARN or its name. */
export function iamTagging(
  noun: "InstanceProfile" | "Policy" | "Role" | "ServerCertificate" | "User",
  { by }: { readonly by: "arn" | "name" } = { by: "name" },
): Tagging {
  const named = (id: string) =>
    by === "arn" ? { [`${noun}Arn`]: id } : { [`${noun}Name`]: arnName(id) };
  return {
    set: {
      service: "iam",
      operation: `Tag${noun}`,
      input: ({ id }, tags) => ({ ...named(id), Tags: keyValueTags(tags) }),
    },
    unset: {
      service: "iam",
      operation: `Untag${noun}`,
      input: ({ id }, keys) => ({ ...named(id), TagKeys: [...keys] }),
    },
  };
}
