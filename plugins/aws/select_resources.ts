import { type ResourceDeclaration, sourceOf } from "./declaration.ts";
import { matchesGlob } from "./glob.ts";
import type { AwsConfig } from "./settings.ts";

type Selection = Pick<AwsConfig, "collect" | "no_collect">;

/** Whether a kind is to be collected. */
export function isSelected(
  kind: string,
  { collect, no_collect }: Selection,
): boolean {
  return (collect.length === 0 ||
    collect.some((glob) => matchesGlob(glob, kind))) &&
    !no_collect.some((glob) => matchesGlob(glob, kind));
}

/**
 * The kinds to collect, those that others are listed by before the others. A
 * kind that is listed by one that is not collected is left out as well.
 */
export function selectResources(
  resources: readonly ResourceDeclaration[],
  selection: Selection,
): ResourceDeclaration[] {
  const named = resources.filter(({ kind }) => isSelected(kind, selection));
  const ordered: ResourceDeclaration[] = [];
  let rest = named;
  for (;;) {
    const ready = rest.filter(({ list }) => {
      const source = sourceOf(list);
      return source === undefined ||
        ordered.some(({ kind }) => kind === source.kind);
    });
    if (ready.length === 0) return ordered;
    ordered.push(...ready);
    rest = rest.filter((each) => !ready.includes(each));
  }
}
