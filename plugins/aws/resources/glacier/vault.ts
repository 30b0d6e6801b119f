import type { ResourceDeclaration } from "../../declaration.ts";
import { GLACIER_ACCOUNT } from "./glacier_account.ts";
import { integer, policy, tags, text, time, volatile } from "../../property.ts";

/**
 * A vault of Glacier. One that holds archives, as of its last inventory, is
 * refused: they are not thrown away with it.
 */
export const VAULT: ResourceDeclaration = {
  kind: "aws_glacier_vault",
  description: "A vault of archives (S3 Glacier)",
  list: {
    service: "glacier",
    operation: "ListVaults",
    input: GLACIER_ACCOUNT,
    result: "VaultList[*]",
    // What it says to accounts without vaults, which can make none any more.
    none: ["NoLongerSupportedException"],
    pages: { input: "marker", output: "Marker", size: ["limit", 10] },
  },
  details: [
    {
      as: "$tags",
      of: "VaultName",
      service: "glacier",
      operation: "ListTagsForVault",
      input: GLACIER_ACCOUNT,
      askFor: ([name = ""]) => ({ vaultName: name }),
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$policy",
      of: "VaultName",
      service: "glacier",
      operation: "GetVaultAccessPolicy",
      input: GLACIER_ACCOUNT,
      askFor: ([name = ""]) => ({ vaultName: name }),
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "VaultName",
  properties: {
    name: text("VaultName"),
    tags: tags("$tags.Tags"),
    ctime: time("CreationDate"),
    arn: text("VaultARN"),
    glacier_last_inventory_date: volatile(text("LastInventoryDate")),
    glacier_number_of_archives: integer("NumberOfArchives"),
    glacier_size_in_bytes: integer("SizeInBytes"),
    glacier_access_policy: policy("$policy.policy.Policy"),
  },
  remove: {
    calls: [{
      service: "glacier",
      operation: "DeleteVault",
      input: (_, { id }) => ({ ...GLACIER_ACCOUNT, vaultName: id }),
    }],
    refuse: ({ NumberOfArchives: archives }) =>
      Number(archives ?? 0) > 0 ? `it holds ${archives} archives` : undefined,
    gone: ["ResourceNotFoundException"],
  },
  tagging: {
    set: {
      service: "glacier",
      operation: "AddTagsToVault",
      input: ({ id }, tags) => ({
        ...GLACIER_ACCOUNT,
        vaultName: id,
        Tags: { ...tags },
      }),
    },
    unset: {
      service: "glacier",
      operation: "RemoveTagsFromVault",
      input: ({ id }, keys) => ({
        ...GLACIER_ACCOUNT,
        vaultName: id,
        TagKeys: [...keys],
      }),
    },
  },
};
