import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Json } from "@skymap/lib/plugin";
import { mapProperties } from "../../property.ts";
import { TASK } from "./task.ts";
import { TASK_DEFINITION } from "./task_definition.ts";

const VARIABLE = { name: "DB_PASSWORD", value: "very-secret" };

Deno.test("a task definition keeps names of variables and options alone", () => {
  const reported = mapProperties(TASK_DEFINITION.properties, {
    $definition: {
      taskDefinition: {
        containerDefinitions: [{
          name: "web",
          environment: [VARIABLE],
          logConfiguration: {
            logDriver: "splunk",
            options: { "splunk-token": "very-secret" },
          },
          firelensConfiguration: { options: { key: "very-secret" } },
        }],
        volumes: [{
          name: "share",
          dockerVolumeConfiguration: {
            driverOpts: { o: "username=web,password=very-secret" },
          },
        }],
      },
    },
  });
  deepStrictEqual(reported["container_definitions"], [{
    name: "web",
    environment: ["DB_PASSWORD"],
    log_configuration: { log_driver: "splunk", options: ["splunk-token"] },
    firelens_configuration: { options: ["key"] },
  }]);
  deepStrictEqual(reported["volumes"], [{
    name: "share",
    docker_volume_configuration: { driver_opts: ["o"] },
  }]);
  strictEqual(JSON.stringify(reported).includes("secret"), false);
});

Deno.test("a task keeps the names of the variables it was started with", () => {
  const { task_overrides } = mapProperties(TASK.properties, {
    $task: {
      overrides: {
        containerOverrides: [{ name: "web", environment: [VARIABLE] }],
      },
    },
  }) as { readonly task_overrides: Json };
  deepStrictEqual(task_overrides, {
    container_overrides: [{ name: "web", environment: ["DB_PASSWORD"] }],
  });
});
