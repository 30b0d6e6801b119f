import assert from "node:assert/strict";
import {
  CallTerminatedError,
  NotAllowedError,
  UnexpectedConnectionError,
} from "surrealdb";
import { SkymapError } from "../errors.ts";
import {
  connectionError,
  isConflict,
  isEcho,
  statementError,
} from "./database_error.ts";

Deno.test("statementError() finds the code for what the engine says", () => {
  const cases: [Error, string][] = [
    [
      new Error(
        "IO error: No space left on device: While appending to file",
      ),
      "database_full",
    ],
    [
      new Error("Transaction conflict: Resource busy: . This can be retried"),
      "conflict",
    ],
    [new Error("Corruption: block checksum mismatch"), "database_corrupt"],
    [new CallTerminatedError(), "database_unreachable"],
    [
      new NotAllowedError({ kind: "NotAllowed", message: "no" }),
      "database_denied",
    ],
    [
      new Error("You don't have permission to change to the x database"),
      "database_denied",
    ],
    [new Error("Parse error: Unexpected token"), "database_failed"],
  ];
  for (const [cause, code] of cases) {
    const error = statementError("SELECT 1", cause);
    assert.equal(error.code, code, cause.message);
    assert.equal(error.cause, cause);
  }
});

Deno.test("statementError() shows the beginning of the statement", () => {
  const error = statementError(
    `SELECT\n  ${"x".repeat(200)}`,
    new Error("Parse error"),
  );
  assert.equal(
    error.message,
    `Cannot run statement "SELECT ${"x".repeat(72)}…": Parse error`,
  );
});

Deno.test("statementError() leaves errors of ours as they are", () => {
  const error = new SkymapError("conflict", "Cannot");
  assert.equal(statementError("SELECT 1", error), error);
  assert.ok(isConflict(error));
});

Deno.test("connectionError() names the address", () => {
  const error = connectionError(
    "ws://127.0.0.1:1",
    new UnexpectedConnectionError("refused"),
  );
  assert.equal(error.code, "database_unreachable");
  assert.match(error.message, /"ws:\/\/127.0.0.1:1"/);
});

Deno.test("isEcho() tells a consequence from a cause", () => {
  const echo = "The query was not executed due to a failed transaction";
  assert.ok(isEcho(new Error(echo)));
  assert.ok(!isEcho(new Error("Database record `a:1` already exists")));
});
