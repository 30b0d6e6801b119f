import type { AwsCredentials } from "./account_credentials.ts";

/** Settings of one profile, by their names in the files. */
export type Profile = Readonly<Record<string, string>>;

/** The profiles of `~/.aws`. */
export interface ProfileFiles {
  /** Every profile, of both files together. */
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Names of those in `~/.aws/credentials`, in order. */
  readonly withCredentials: readonly string[];
}

/** Where a profile's keys come from: keys, and roles to assume in turn. */
export interface ProfileChain {
  /** Keys to begin with. */
  readonly credentials: AwsCredentials;
  /** Roles to assume, first to last; the last one is the profile's own. */
  readonly roles: readonly {
    readonly arn: string;
    readonly externalId?: string;
    readonly sessionName?: string;
  }[];
  /** Region of the profile, if it names one. */
  readonly region?: string;
}

/** Ways to get keys that need more than a plugin may reach. */
const UNSUPPORTED = [
  "sso_start_url",
  "sso_session",
  "credential_process",
  "web_identity_token_file",
  "mfa_serial",
] as const;

/**
 * Parses a file as the AWS tools write it: sections in brackets, `name = value`
 * lines; indented lines belong to the setting above and are skipped.
 */
export function parseIni(text: string): Map<string, Profile> {
  const sections = new Map<string, Record<string, string>>();
  let section: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (/^\s*([#;]|$)/.test(line) || /^\s/.test(line)) continue;
    const header = /^\[\s*(.+?)\s*\]/.exec(line)?.[1];
    if (header !== undefined) {
      section = sections.get(header) ?? {};
      sections.set(header, section);
      continue;
    }
    const [, name, value] = /^([^=]+?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (section !== undefined && name !== undefined && value !== undefined) {
      section[name.toLowerCase()] = value.replace(/\s+[#;].*$/, "");
    }
  }
  return sections;
}

/** Puts both files together; keys in `credentials` win over `config`. */
export function joinProfiles(
  { config, credentials }: {
    readonly config: string;
    readonly credentials: string;
  },
): ProfileFiles {
  const profiles = new Map<string, Profile>();
  for (const [section, settings] of parseIni(config)) {
    const name = section === "default"
      ? section
      : /^profile\s+(.+)$/.exec(section)?.[1];
    if (name !== undefined) profiles.set(name, settings);
  }
  const withCredentials: string[] = [];
  for (const [name, settings] of parseIni(credentials)) {
    withCredentials.push(name);
    profiles.set(name, { ...profiles.get(name), ...settings });
  }
  return { profiles, withCredentials };
}

/** The keys that a profile holds itself, or undefined. */
function keysOf(profile: Profile): AwsCredentials | undefined {
  const {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    aws_session_token: sessionToken,
  } = profile;
  if (accessKeyId === undefined || secretAccessKey === undefined) return;
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
  };
}

/**
 * How the keys of a profile are got.
 *
 * @throws {TypeError} If the profile is unknown, holds no keys, refers to
 * itself, or needs what a plugin may not reach, such as single sign-on.
 */
export function resolveProfile(
  { profiles }: ProfileFiles,
  name: string,
  environment: AwsCredentials | undefined,
): ProfileChain {
  const fail = (why: string) =>
    new TypeError(`Cannot use profile "${name}": ${why}`);
  const roles: ProfileChain["roles"][number][] = [];
  const seen = new Set<string>();
  const region = profiles.get(name)?.["region"];
  const done = (credentials: AwsCredentials): ProfileChain => ({
    credentials,
    roles: roles.reverse(),
    ...(region !== undefined && { region }),
  });
  for (let current = name;;) {
    const profile = profiles.get(current);
    if (profile === undefined) {
      throw fail(`there is no profile "${current}" in ~/.aws`);
    }
    const own = keysOf(profile);
    // A profile may name itself as the source of its own keys.
    if (seen.has(current)) {
      if (own !== undefined) return done(own);
      throw fail(`its source_profile "${current}" leads back to itself`);
    }
    seen.add(current);
    const arn = profile["role_arn"];
    if (arn !== undefined && profile["mfa_serial"] === undefined) {
      const { external_id: externalId, role_session_name: sessionName } =
        profile;
      roles.push({
        arn,
        ...(externalId !== undefined && { externalId }),
        ...(sessionName !== undefined && { sessionName }),
      });
      const source = profile["source_profile"];
      if (source !== undefined) {
        current = source;
        continue;
      }
      if (profile["credential_source"] === "Environment" && environment) {
        return done(environment);
      }
      throw fail(
        `"${current}" has role_arn, but neither source_profile nor keys in the environment`,
      );
    }
    if (own !== undefined) return done(own);
    const needs = UNSUPPORTED.find((setting) => profile[setting] !== undefined);
    throw fail(
      needs === undefined
        ? `"${current}" holds no access key`
        : `"${current}" needs ${needs}, which is not supported; export keys and give them as access_key_id`,
    );
  }
}
