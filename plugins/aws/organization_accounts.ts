import type { AwsClient, PagedCall } from "./client.ts";
import { parsePath, readFirst } from "./path.ts";

/** The call that lists the accounts of an organisation. */
export const ORGANIZATION_ACCOUNTS_CALL: PagedCall = {
  service: "organizations",
  operation: "ListAccounts",
  result: "Accounts[*]",
  pages: { input: "NextToken", output: "NextToken" },
};

/** An account as its organisation knows it. */
export interface OrganizationAccount {
  /** Its id. */
  readonly id: string;
  /** What the organisation calls it. */
  readonly name?: string;
  /** Whether it can be used: it is not closed, nor about to be. */
  readonly isActive: boolean;
}

const ID = parsePath("Id");
const NAME = parsePath("Name");
const STATUS = parsePath("Status");

/** Every account of the organisation. */
export async function organizationAccounts(
  client: AwsClient,
  region: string,
): Promise<OrganizationAccount[]> {
  const accounts: OrganizationAccount[] = [];
  const call = ORGANIZATION_ACCOUNTS_CALL;
  for await (const page of client.pages(region, call, {})) {
    for (const account of page) {
      const name = readFirst(NAME, account);
      accounts.push({
        id: String(readFirst(ID, account)),
        ...(typeof name === "string" && name !== "" && { name }),
        isActive: (readFirst(STATUS, account) ?? "ACTIVE") === "ACTIVE",
      });
    }
  }
  return accounts;
}
