import { deepStrictEqual, throws } from "node:assert/strict";
import { joinProfiles, resolveProfile } from "./profiles.ts";

const FILES = joinProfiles({
  config: `
[default]
region = eu-west-1
[profile audit]
role_arn = arn:aws:iam::222222222222:role/Audit
source_profile = base
external_id = e-1
role_session_name=me
s3 =
    max_concurrent_requests = 20
[profile deep]
role_arn = arn:aws:iam::333333333333:role/Deep
source_profile = audit
[profile env]
role_arn = arn:aws:iam::444444444444:role/Env
credential_source = Environment
[profile sso]
sso_session = corp
[profile loop]
role_arn = arn:aws:iam::5:role/A
source_profile = loop2
[profile loop2]
role_arn = arn:aws:iam::5:role/B
source_profile = loop
[profile self]
role_arn = arn:aws:iam::6:role/Self
source_profile = self
[profile empty]
[services ignored]
a = b
`,
  credentials: `# keys
[base]
aws_access_key_id = AKIA1 ; mine
aws_secret_access_key=a=b/c
[default]
aws_access_key_id = AKIA2
aws_secret_access_key = s2
aws_session_token = t2
[self]
aws_access_key_id = AKIA3
aws_secret_access_key = s3
`,
});

const BASE = { accessKeyId: "AKIA1", secretAccessKey: "a=b/c" };

Deno.test("joinProfiles() names those with credentials", () => {
  deepStrictEqual(FILES.withCredentials, ["base", "default", "self"]);
});

Deno.test("resolveProfile() reads keys and region of both files", () => {
  deepStrictEqual(resolveProfile(FILES, "default", undefined), {
    credentials: {
      accessKeyId: "AKIA2",
      secretAccessKey: "s2",
      sessionToken: "t2",
    },
    roles: [],
    region: "eu-west-1",
  });
});

Deno.test("resolveProfile() assumes the roles from the keys upwards", () => {
  deepStrictEqual(resolveProfile(FILES, "deep", undefined), {
    credentials: BASE,
    roles: [
      {
        arn: "arn:aws:iam::222222222222:role/Audit",
        externalId: "e-1",
        sessionName: "me",
      },
      { arn: "arn:aws:iam::333333333333:role/Deep" },
    ],
  });
});

Deno.test("resolveProfile() takes a profile as the source of its own role", () => {
  deepStrictEqual(resolveProfile(FILES, "self", undefined), {
    credentials: { accessKeyId: "AKIA3", secretAccessKey: "s3" },
    roles: [{ arn: "arn:aws:iam::6:role/Self" }],
  });
});

Deno.test("resolveProfile() starts a role from the environment", () => {
  deepStrictEqual(resolveProfile(FILES, "env", BASE), {
    credentials: BASE,
    roles: [{ arn: "arn:aws:iam::444444444444:role/Env" }],
  });
});

for (
  const [name, why] of [
    ["nobody", /there is no profile "nobody"/],
    ["env", /neither source_profile nor keys in the environment/],
    ["sso", /needs sso_session, which is not supported/],
    ["loop", /leads back to itself/],
    ["empty", /holds no access key/],
  ] as const
) {
  Deno.test(`resolveProfile() refuses "${name}"`, () => {
    throws(() => resolveProfile(FILES, name, undefined), why);
  });
}
