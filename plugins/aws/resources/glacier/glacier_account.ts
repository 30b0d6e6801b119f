/** The account of the keys that a call of Glacier is made with. */
export const GLACIER_ACCOUNT = { accountId: "-" } as const;
