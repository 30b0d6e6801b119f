import {
  integer,
  objects,
  text,
  type ValueDeclaration,
  valueKind,
} from "../../property.ts";

/** The share of a capacity provider. */
export const capacityProviderStrategyItem: ValueDeclaration = valueKind(
  "aws_ecs_capacity_provider_strategy_item",
  {
    capacity_provider: text("capacityProvider"),
    weight: integer("weight"),
    base: integer("base"),
  },
);

/** A name and its value. */
export const keyValuePair: ValueDeclaration = valueKind(
  "aws_ecs_key_value_pair",
  {
    name: text("name"),
    value: text("value"),
  },
);

/** Something that is attached, such as a network interface. */
export const attachment: ValueDeclaration = valueKind("aws_ecs_attachment", {
  id: text("id"),
  type: text("type"),
  status: text("status"),
  details: objects("details", keyValuePair),
});

/** An attribute that tasks are placed by. */
export const attribute: ValueDeclaration = valueKind("aws_ecs_attribute", {
  name: text("name"),
  value: text("value"),
  target_type: text("targetType"),
  target_id: text("targetId"),
});

/** An accelerator of inference. */
export const inferenceAccelerator: ValueDeclaration = valueKind(
  "aws_ecs_inference_accelerator",
  {
    device_name: text("deviceName"),
    device_type: text("deviceType"),
  },
);

/** A file of variables of the environment. */
export const environmentFile: ValueDeclaration = valueKind(
  "aws_ecs_environment_file",
  {
    value: text("value"),
    type: text("type"),
  },
);

/** What a container needs, such as GPUs. */
export const resourceRequirement: ValueDeclaration = valueKind(
  "aws_ecs_resource_requirement",
  {
    value: text("value"),
    type: text("type"),
  },
);
