/** A plugin with several faults, none of them caught when it was written. */
export default {
  name: "Wrong Name",
  version: "1",
  description: "",
  cloud: "wrong",
  containers: { account: "wrong_account", region: "wrong_region" },
  kinds: [{ name: "wrong_account" }, { name: "other_kind" }],
  permissions: { collect: { net: ["*"], ffi: ["libc.so"] } },
  accounts: () => ({ accounts: [] }),
};
