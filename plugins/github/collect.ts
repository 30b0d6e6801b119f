import type { CollectContext } from "@skymap/lib/plugin";
import { Github, type GithubSurroundings } from "./client.ts";
import { listOrg, ORG_KIND } from "./resources/org.ts";
import { listRepositories, REPOSITORY_KIND } from "./resources/repository.ts";
import { listTeams, TEAM_KIND } from "./resources/team.ts";
import { listMembers, USER_KIND } from "./resources/user.ts";
import type { GithubConfig } from "./settings.ts";

/** Collects one organisation, kind by kind. */
export async function collect(
  context: CollectContext<GithubConfig>,
  surroundings: GithubSurroundings,
): Promise<void> {
  const { account, config, issue, scope, signal } = context;
  const github = new Github({
    ...surroundings,
    endpoint: config.endpoint,
    token: String(account.credentials?.["token"]),
    signal,
  });
  let existing = Number.NaN;
  await scope({ kind: ORG_KIND.name }, async (found) => {
    existing = await listOrg(github, context, found);
  });
  let listed = Number.NaN;
  await scope({ kind: REPOSITORY_KIND.name }, async (found) => {
    listed = await listRepositories(github, context, found);
  });
  // A token that was made for some repositories is told of no others.
  if (config.visibility === "all" && listed < existing) {
    issue(
      "warning",
      `The token sees ${listed} of ${existing} private repositories of ${account.id}`,
    );
  }
  await scope(
    { kind: USER_KIND.name },
    (found) => listMembers(github, context, found),
  );
  await scope(
    { kind: TEAM_KIND.name },
    (found) => listTeams(github, context, found),
  );
}
