import { strictEqual } from "node:assert/strict";
import { goesWithOwner, isManaged } from "./interface_owner.ts";

Deno.test("isManaged() tells interfaces that services made", () => {
  strictEqual(isManaged({ InterfaceType: "interface" }), false);
  strictEqual(isManaged({}), false);
  strictEqual(isManaged(undefined), false);
  strictEqual(isManaged({ InterfaceType: "nat_gateway" }), true);
  strictEqual(
    isManaged({ InterfaceType: "interface", RequesterManaged: true }),
    true,
  );
});

Deno.test("goesWithOwner() tells interfaces that end with an instance", () => {
  const attached = (DeleteOnTermination: boolean) => ({
    InterfaceType: "interface",
    Attachment: { DeleteOnTermination },
  });
  strictEqual(goesWithOwner(attached(true)), true);
  strictEqual(goesWithOwner(attached(false)), false);
  strictEqual(goesWithOwner({ InterfaceType: "vpc_endpoint" }), true);
});
