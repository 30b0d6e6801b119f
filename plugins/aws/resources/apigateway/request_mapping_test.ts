import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { mapProperties } from "../../property.ts";
import { RESOURCE } from "./resource.ts";

Deno.test("texts that an integration is sent do not come into the graph", () => {
  const reported = mapProperties(RESOURCE.properties, {
    resourceMethods: {
      GET: {
        methodIntegration: {
          requestParameters: {
            "integration.request.header.X-Key": "'very-secret'",
            "integration.request.path.id": "method.request.path.id",
          },
        },
      },
    },
  });
  deepStrictEqual(reported["resource_methods"], {
    GET: {
      method_integration: {
        request_parameters: {
          "integration.request.header.X-Key": "'…'",
          "integration.request.path.id": "method.request.path.id",
        },
      },
    },
  });
  strictEqual(JSON.stringify(reported).includes("secret"), false);
});
