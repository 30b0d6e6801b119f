import type { KindDeclaration } from "@skymap/lib/plugin";

/** The kind that stands for a region, of which there is none. */
export const REGION_KIND: KindDeclaration = {
  name: "onelogin_region",
  bases: ["region"],
  description: "OneLogin has no regions",
  properties: {},
};
