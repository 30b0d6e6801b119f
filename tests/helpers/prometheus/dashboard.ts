/**
 * Dashboards of Grafana, as far as tests look at them.
 *
 * @module
 */

import { deployFile, deployNames } from "./deploy_files.ts";

/** A rectangle on the grid, 24 wide. */
export interface GridPos {
  /** Height. */
  readonly h: number;
  /** Width. */
  readonly w: number;
  /** From the left. */
  readonly x: number;
  /** From above. */
  readonly y: number;
}

/** Which Prometheus is asked. */
export interface DashboardSource {
  /** Always `prometheus`. */
  readonly type: string;
  /** A variable, so that everybody has their own. */
  readonly uid: string;
}

/** A panel, or the title of a row of them. */
export interface DashboardPanel {
  /** Number within the dashboard. */
  readonly id: number;
  /** Such as `timeseries`, or `row`. */
  readonly type: string;
  /** Its heading. */
  readonly title: string;
  /** What it shows. */
  readonly description?: string;
  /** Where it lies. */
  readonly gridPos: GridPos;
  /** Who is asked. */
  readonly datasource?: DashboardSource;
  /** How values are shown. */
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  /** What is asked. */
  readonly targets?: readonly {
    readonly refId: string;
    readonly expr: string;
    readonly legendFormat: string;
    readonly datasource: DashboardSource;
  }[];
}

/** A variable that people choose values of. */
export interface DashboardVariable {
  /** Its name, without the dollar. */
  readonly name: string;
  /** `datasource` or `query`. */
  readonly type: string;
  /** Which kind of source, or how its values are found. */
  readonly query: string | { readonly query: string };
  /** Who is asked. */
  readonly datasource?: DashboardSource;
}

/** A dashboard. */
export interface Dashboard {
  /** None: Grafana gives it one. */
  readonly id: number | null;
  /** Names it in addresses. */
  readonly uid: string;
  /** Its heading. */
  readonly title: string;
  /** Version of this form. */
  readonly schemaVersion: number;
  /** Its variables. */
  readonly templating: { readonly list: readonly DashboardVariable[] };
  /** Its panels. */
  readonly panels: readonly DashboardPanel[];
}

/** The dashboards, by the names of their files. */
export async function readDashboards(): Promise<
  ReadonlyMap<string, Dashboard>
> {
  const names = await deployNames("grafana", ".json");
  return new Map(
    await Promise.all(
      names.map(async (name) =>
        [name, JSON.parse(await deployFile(name))] as const
      ),
    ),
  );
}

/** What Grafana asks when everything is chosen. */
export function chooseAll(
  expression: string,
  chosen: Readonly<Record<string, string>>,
): string {
  return expression.replaceAll(/\$(\w+)/g, (_, name) => {
    const value = chosen[name];
    if (value === undefined) throw new Error(`$${name} is no variable`);
    return value;
  });
}

/** The selector and the label that the values of a variable are of. */
export function labelValuesOf(
  { name, query }: DashboardVariable,
): { readonly selector: string; readonly label: string } {
  const text = typeof query === "string" ? query : query.query;
  const [, selector, label] = /^label_values\((.+), (\w+)\)$/s.exec(text) ?? [];
  if (selector === undefined || label === undefined) {
    throw new Error(`Variable ${name} asks ${text}, wanted label_values(…)`);
  }
  return { selector, label };
}
