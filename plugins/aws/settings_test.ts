import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { CONFIG_SCHEMA, isConfigured, readConfig } from "./settings.ts";

Deno.test("readConfig() fills in every default", () => {
  deepStrictEqual(readConfig({ region: "eu-west-1", role: null }), {
    profiles: [],
    role: undefined,
    account: [],
    scrape_org: false,
    scrape_exclude_account: [],
    assume_current: false,
    do_not_scrape_current: false,
    region: ["eu-west-1"],
    collect: [],
    no_collect: [],
    collect_instance_user_data: true,
    prefer_profile_as_account_name: false,
    resource_pool_size: 64,
    resource_pool_tasks_per_service_default: 20,
    resource_pool_tasks_per_service: {},
  });
});

for (
  const [config, why] of [
    [{ access_key: "x" }, /access_key/],
    [{ scrape_organisation: true }, /scrape_organisation/],
    [{ scrape_org: true }, /scrape_org: needs role/],
    [
      { scrape_org: true, role: "r", account: ["111111111111"] },
      /account: scrape_org finds/,
    ],
    [
      { scrape_exclude_account: ["111111111111"] },
      /scrape_exclude_account: needs scrape_org/,
    ],
    [
      { do_not_scrape_current: true },
      /do_not_scrape_current: needs scrape_org/,
    ],
    [
      { scrape_org: true, role: "r", assume_current: true },
      /assume_current: needs do_not_scrape_current/,
    ],
    [
      { scrape_org: true, role: "r", scrape_exclude_account: ["12"] },
      /"12" is no account id/,
    ],
    [{ access_key_id: "x" }, /only work together/],
    [{ session_token: "x" }, /session_token: needs access_key_id/],
    [
      { access_key_id: "a", secret_access_key: "b", profiles: "p" },
      /names other credentials/,
    ],
    [{ account: "111111111111" }, /account: needs role/],
    [{ role: "reader" }, /role: needs account/],
    [{ role: "reader", account: ["12"] }, /"12" is no account id/],
    [
      { role: "r", account: ["111111111111"], profiles: ["a", "b"] },
      /not with several/,
    ],
    [{ external_id: "e" }, /external_id: needs role/],
    [{ endpoint: "ftp://x" }, /endpoint/],
    [{ resource_pool_size: 0 }, /resource_pool_size/],
  ] as const
) {
  Deno.test(`readConfig() refuses ${JSON.stringify(config)}`, () => {
    throws(() => readConfig(config), why);
  });
}

Deno.test("readConfig() takes account ids that were read as numbers", () => {
  const { account } = readConfig({
    role: "reader",
    account: [111111111111, 12345678901, "000000000001"],
  });
  deepStrictEqual(account, ["111111111111", "012345678901", "000000000001"]);
});

Deno.test("readConfig() tells every fault at once", () => {
  throws(
    () => readConfig({ region: 1, resource_pool_size: "many" }),
    /region.*resource_pool_size/,
  );
});

Deno.test("isConfigured() asks whether credentials are named", () => {
  strictEqual(isConfigured(readConfig({})), false);
  strictEqual(isConfigured(readConfig({ profiles: "default" })), true);
});

Deno.test("CONFIG_SCHEMA describes every property", () => {
  const properties = CONFIG_SCHEMA["properties"] as Record<string, object>;
  deepStrictEqual(
    Object.keys(properties).sort(),
    [
      ...Object.keys(readConfig({})),
      "access_key_id",
      "secret_access_key",
      "session_token",
      "role",
      "external_id",
      "endpoint",
      "scrape_org_role_arn",
    ].sort(),
  );
});
