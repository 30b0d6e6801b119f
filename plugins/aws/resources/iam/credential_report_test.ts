import { deepStrictEqual, throws } from "node:assert/strict";
import { mapProperties } from "../../property.ts";
import {
  credentialProperties,
  isRoot,
  readCredentialReport,
} from "./credential_report.ts";
import { ROOT_USER } from "./root_user.ts";

const REPORT = [
  "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,mfa_active,access_key_1_active",
  "<root_account>,arn:aws:iam::111111111111:root,2020-01-02T03:04:05+00:00,not_supported,2026-01-02T03:04:05+00:00,not_supported,not_supported,true,false",
  "anna,arn:aws:iam::111111111111:user/anna,2021-01-02T03:04:05+00:00,true,no_information,2021-01-02T03:04:05+00:00,N/A,false,true",
  '"smith, bert",arn:aws:iam::111111111111:user/bert,2021-01-02T03:04:05+00:00,false,N/A,N/A,N/A,false,false',
  "",
].join("\n");

const read = (text: string) =>
  readCredentialReport({ Content: new TextEncoder().encode(text) }).Users;

Deno.test("readCredentialReport() gives each user's line", () => {
  deepStrictEqual(
    read(REPORT).map(({ user, accessKey1Active }) => [user, accessKey1Active]),
    [
      ["<root_account>", "false"],
      ["anna", "true"],
      ["smith, bert", "false"],
    ],
  );
});

Deno.test("readCredentialReport() throws for an answer without content", () => {
  throws(() => readCredentialReport({}), TypeError);
});

Deno.test("credentialProperties() leaves out what the report does not know", () => {
  const [, anna] = read(REPORT);
  deepStrictEqual(
    mapProperties(credentialProperties("$report."), { $report: anna }),
    {
      password_enabled: true,
      password_last_changed: "2021-01-02T03:04:05Z",
      mfa_active: false,
    },
  );
});

Deno.test("the root user is the line of the root account", () => {
  const lines = read(REPORT);
  deepStrictEqual(lines.map(isRoot), [true, false, false]);
  deepStrictEqual(mapProperties(ROOT_USER.properties, lines[0]), {
    name: "root",
    ctime: "2020-01-02T03:04:05Z",
    arn: "arn:aws:iam::111111111111:root",
    password_last_used: "2026-01-02T03:04:05Z",
    mfa_active: true,
  });
});
