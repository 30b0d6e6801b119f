import type { KindDeclaration } from "@skymap/lib/plugin";

/** The kind that stands for a region, of which there is none. */
export const REGION_KIND: KindDeclaration = {
  name: "slack_region",
  bases: ["region"],
  description: "Slack has no regions",
  properties: {},
};
