import { deepStrictEqual } from "node:assert/strict";
import { callFaultOf } from "./call_fault.ts";

/** An error as the SDK throws it for what a service answered. */
function answered(name: string, status: number, more: object = {}): object {
  return {
    name,
    message: "said",
    $fault: "client",
    $metadata: { httpStatusCode: status },
    ...more,
  };
}

const CASES: readonly [
  what: string,
  thrown: object,
  code: string,
  helps: readonly string[],
][] = [
  ["a throttle", answered("Throttling", 400), "Throttling", [
    "throttled",
    "passing",
  ]],
  ["a status of throttles", answered("Other", 429), "Other", [
    "throttled",
    "passing",
  ]],
  [
    "a service that is ill",
    answered("InternalFailure", 500),
    "InternalFailure",
    [
      "passing",
    ],
  ],
  ["a refusal", answered("AccessDenied", 403), "AccessDenied", []],
  ["keys that have ended", answered("ExpiredToken", 403), "ExpiredToken", [
    "expired",
  ]],
  [
    "a wrong signature",
    answered("SignatureDoesNotMatch", 403),
    "SignatureDoesNotMatch",
    [],
  ],
  [
    "a wrong clock that was corrected",
    answered("SignatureDoesNotMatch", 403, {
      $metadata: { clockSkewCorrected: true },
    }),
    "SignatureDoesNotMatch",
    ["passing"],
  ],
  [
    "a cut connection",
    Object.assign(new Error("read"), { code: "ECONNRESET" }),
    "ECONNRESET",
    ["passing"],
  ],
  [
    "an answer that cannot be read",
    Object.assign(new Error("bad XML"), { $metadata: {} }),
    "answer_malformed",
    ["passing"],
  ],
  [
    "a code beside the name",
    answered("UnknownError", 404, {
      Code: "NoSuchThing",
    }),
    "NoSuchThing",
    [],
  ],
];

for (const [what, thrown, code, helps] of CASES) {
  Deno.test(`callFaultOf() tells ${what}`, () => {
    const fault = callFaultOf(thrown);
    deepStrictEqual(fault.code, code);
    deepStrictEqual(
      (["throttled", "passing", "expired"] as const).filter((each) =>
        fault[each]
      ),
      helps,
    );
  });
}
