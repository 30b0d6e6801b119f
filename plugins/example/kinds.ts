import type { KindDeclaration } from "@skymap/lib/plugin";

/** What the example cloud has. The bases bring properties of their own. */
export const KINDS: readonly KindDeclaration[] = [
  { name: "example_account", bases: ["account"], description: "An account" },
  { name: "example_region", bases: ["region"], description: "A region" },
  {
    name: "example_instance",
    bases: ["instance"],
    description: "A machine",
    categories: ["compute"],
  },
  {
    name: "example_volume",
    bases: ["volume"],
    description: "A disk of a machine",
    categories: ["storage"],
  },
];
