import { doesNotThrow, throws } from "node:assert/strict";
import { testActive } from "./_test_plugins.ts";
import { checkConfiguredHosts } from "./check_configured_hosts.ts";

const PLUGIN = testActive("fruit", {
  permissions: {
    accounts: { net: ["api.example.com"] },
    collect: { net: [{ config: "endpoint" }] },
  },
});

Deno.test("checkConfiguredHosts() refuses what the configuration lets in beyond the policy", () => {
  const config = { endpoint: "https://evil.example.org/api" };
  throws(() => checkConfiguredHosts(PLUGIN, config, ["*.example.com:443"]), {
    code: "plugin_refused",
    message: 'Cannot run plugin "fruit": its configuration names ' +
      "evil.example.org:443, the policy allows net *.example.com:443",
  });
  throws(() => checkConfiguredHosts(PLUGIN, config, []), {
    message: /the policy allows no net/,
  });
});

Deno.test("checkConfiguredHosts() lets in what fits, and all without a policy", () => {
  const inside = { endpoint: "https://a.example.com" };
  doesNotThrow(() =>
    checkConfiguredHosts(PLUGIN, inside, ["*.example.com:443"])
  );
  doesNotThrow(() => checkConfiguredHosts(PLUGIN, {}, ["x.example.com"]));
  const outside = { endpoint: "https://evil.example.org" };
  doesNotThrow(() => checkConfiguredHosts(PLUGIN, outside, undefined));
});
