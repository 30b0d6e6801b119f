import { deepStrictEqual } from "node:assert/strict";
import type { Item, Target } from "../../declaration.ts";
import { USER } from "./user.ts";

const TARGET = {
  id: "arn:aws:iam::111111111111:user/team/anna",
} as Target;

const ITEM: Item = {
  $devices: [
    { SerialNumber: "arn:aws:iam::111111111111:mfa/anna" },
    { SerialNumber: "arn:aws:iam::111111111111:u2f/user/anna/key-1" },
    { SerialNumber: "GAHT12345678" },
  ],
  $sshKeys: [{ SSHPublicKeyId: "APKA1" }],
  $certificates: [{ CertificateId: "C1" }],
  $services: [{ ServiceSpecificCredentialId: "ACCA1" }],
};

Deno.test("a user loses every kind of credentials before he is deleted", () => {
  const UserName = "anna";
  const made = (USER.remove?.calls ?? []).flatMap(({ operation, input }) =>
    [input(ITEM, TARGET) ?? []].flat().map((asked) => [operation, asked])
  );
  deepStrictEqual(made, [
    ["DeleteLoginProfile", { UserName }],
    ...[
      "arn:aws:iam::111111111111:mfa/anna",
      "arn:aws:iam::111111111111:u2f/user/anna/key-1",
      "GAHT12345678",
    ].map((SerialNumber) => [
      "DeactivateMFADevice",
      { UserName, SerialNumber },
    ]),
    // Keys of hardware cannot be deleted, and need not be.
    ["DeleteVirtualMFADevice", {
      SerialNumber: "arn:aws:iam::111111111111:mfa/anna",
    }],
    ["DeleteSSHPublicKey", { UserName, SSHPublicKeyId: "APKA1" }],
    ["DeleteSigningCertificate", { UserName, CertificateId: "C1" }],
    ["DeleteServiceSpecificCredential", {
      UserName,
      ServiceSpecificCredentialId: "ACCA1",
    }],
    ["DeleteUser", { UserName }],
  ]);
});
