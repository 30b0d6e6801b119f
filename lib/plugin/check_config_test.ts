import { deepStrictEqual, strictEqual, throws } from "node:assert/strict";
import { checkConfig, CONFIG_RULES } from "./check_config.ts";

const RULES = {
  endpoint: CONFIG_RULES.httpUrl,
  token: CONFIG_RULES.token,
  user: CONFIG_RULES.text,
  deep: CONFIG_RULES.boolean,
};

Deno.test("checkConfig() gives what follows the rules, and takes nothing for empty", () => {
  const config = {
    endpoint: "https://api.example",
    token: "a-b",
    user: "zoë",
    deep: false,
  };
  strictEqual(checkConfig(config, RULES), config);
  deepStrictEqual(checkConfig(null, RULES), {});
  throws(() => checkConfig([], RULES), TypeError);
});

Deno.test("checkConfig() tells every fault, and no value", () => {
  const config = {
    endpoint: "ftp://secret",
    token: "sec ret",
    user: 1,
    deep: "secret",
    toString: "secret",
  };
  throws(() => checkConfig(config, RULES), {
    name: "RangeError",
    message: "Cannot read the configuration: " + [
      '"endpoint" is no http(s) URL',
      '"token" is no token',
      '"user" is no text',
      '"deep" is neither true nor false',
      'there is no "toString", only endpoint, token, user, deep',
    ].join("; "),
  });
});

Deno.test("durations of a configuration are not in the future", () => {
  const { isRight } = CONFIG_RULES.duration;
  for (const text of ["14d", "0s", "P1D"]) strictEqual(isRight(text), true);
  for (const value of ["-14d", "-P1D", "14", "", 14, null]) {
    strictEqual(isRight(value), false);
  }
});
