import type { ResourceDeclaration } from "../../declaration.ts";
import {
  decimal,
  integer,
  objects,
  tags,
  text,
  time,
  valueKind,
} from "../../property.ts";
import { ec2Tagging } from "./ec2_tagging.ts";

const recurringCharge = valueKind("aws_ec2_recurring_charge", {
  amount: decimal("Amount"),
  frequency: text("Frequency"),
});

/** Instances that are paid for in advance. */
export const RESERVED_INSTANCES: ResourceDeclaration = {
  kind: "aws_ec2_reserved_instances",
  description: "Instances that are paid for in advance",
  categories: ["compute"],
  list: {
    service: "ec2",
    operation: "DescribeReservedInstances",
    result: "ReservedInstances[*]",
  },
  id: "ReservedInstancesId",
  zone: "AvailabilityZone",
  properties: {
    tags: tags("Tags"),
    name: text("Tags[Name]"),
    availability_zone: text("AvailabilityZone"),
    reservation_duration: integer("Duration"),
    reservation_end: time("End"),
    reservation_fixed_price: decimal("FixedPrice"),
    reservation_instance_count: integer("InstanceCount"),
    reservation_instance_type: text("InstanceType"),
    reservation_product_description: text("ProductDescription"),
    reservation_reserved_instances_id: text("ReservedInstancesId"),
    reservation_start: time("Start"),
    reservation_state: text("State"),
    reservation_usage_price: decimal("UsagePrice"),
    reservation_currency_code: text("CurrencyCode"),
    reservation_instance_tenancy: text("InstanceTenancy"),
    reservation_offering_class: text("OfferingClass"),
    reservation_offering_type: text("OfferingType"),
    reservation_recurring_charges: objects("RecurringCharges", recurringCharge),
    reservation_scope: text("Scope"),
  },
  edges: [{ predecessor: "aws_ec2_instance_type", id: "InstanceType" }],
  tagging: ec2Tagging(),
};
