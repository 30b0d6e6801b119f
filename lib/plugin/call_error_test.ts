import { deepStrictEqual } from "node:assert/strict";
import { CallError } from "./call_error.ts";
import { failureOf } from "./failure.ts";

Deno.test("CallError() is told with its code, its permission and its cause", () => {
  const cause = new TypeError("the wire is cut");
  const error = new CallError("GET /users", {
    code: "forbidden",
    message: "needs Read Users",
    permission: "Read Users",
    cause,
  });
  deepStrictEqual(failureOf(error), {
    code: "forbidden",
    message:
      "Cannot call GET /users: forbidden: needs Read Users: the wire is cut",
    permission: "Read Users",
  });
});

Deno.test("CallError() is told without what nobody said", () => {
  deepStrictEqual(
    failureOf(new CallError("GET /users", { code: "http_404" })),
    {
      code: "http_404",
      message: "Cannot call GET /users: http_404",
    },
  );
});
