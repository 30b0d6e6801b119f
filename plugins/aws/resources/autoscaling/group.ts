import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  integer,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import { parsePath, readAll } from "../../path.ts";

const launchTemplateSpecification = valueKind(
  "aws_autoscaling_launch_template_specification",
  {
    launch_template_id: text("LaunchTemplateId"),
    launch_template_name: text("LaunchTemplateName"),
    version: text("Version"),
  },
);

const minMax = valueKind("aws_autoscaling_min_max", {
  min: integer("Min"),
  max: integer("Max"),
});

const instanceRequirements = valueKind(
  "aws_autoscaling_instance_requirements",
  {
    v_cpu_count: object("VCpuCount", minMax),
    memory_mi_b: object("MemoryMiB", minMax),
    cpu_manufacturers: texts("CpuManufacturers[*]"),
    memory_gi_b_per_v_cpu: object("MemoryGiBPerVCpu", minMax),
    excluded_instance_types: texts("ExcludedInstanceTypes[*]"),
    instance_generations: texts("InstanceGenerations[*]"),
    spot_max_price_percentage_over_lowest_price: integer(
      "SpotMaxPricePercentageOverLowestPrice",
    ),
    on_demand_max_price_percentage_over_lowest_price: integer(
      "OnDemandMaxPricePercentageOverLowestPrice",
    ),
    bare_metal: text("BareMetal"),
    burstable_performance: text("BurstablePerformance"),
    require_hibernate_support: flag("RequireHibernateSupport"),
    network_interface_count: object("NetworkInterfaceCount", minMax),
    local_storage: text("LocalStorage"),
    local_storage_types: texts("LocalStorageTypes[*]"),
    total_local_storage_gb: object("TotalLocalStorageGB", minMax),
    baseline_ebs_bandwidth_mbps: object("BaselineEbsBandwidthMbps", minMax),
    accelerator_types: texts("AcceleratorTypes[*]"),
    accelerator_count: object("AcceleratorCount", minMax),
    accelerator_manufacturers: texts("AcceleratorManufacturers[*]"),
    accelerator_names: texts("AcceleratorNames[*]"),
    accelerator_total_memory_mi_b: object("AcceleratorTotalMemoryMiB", minMax),
  },
);

const launchTemplateOverrides = valueKind(
  "aws_autoscaling_launch_template_overrides",
  {
    instance_type: text("InstanceType"),
    weighted_capacity: text("WeightedCapacity"),
    launch_template_specification: object(
      "LaunchTemplateSpecification",
      launchTemplateSpecification,
    ),
    instance_requirements: object("InstanceRequirements", instanceRequirements),
  },
);

const launchTemplate = valueKind("aws_autoscaling_launch_template", {
  launch_template_specification: object(
    "LaunchTemplateSpecification",
    launchTemplateSpecification,
  ),
  overrides: objects("Overrides", launchTemplateOverrides),
});

const instancesDistribution = valueKind(
  "aws_autoscaling_instances_distribution",
  {
    on_demand_allocation_strategy: text("OnDemandAllocationStrategy"),
    on_demand_base_capacity: integer("OnDemandBaseCapacity"),
    on_demand_percentage_above_base_capacity: integer(
      "OnDemandPercentageAboveBaseCapacity",
    ),
    spot_allocation_strategy: text("SpotAllocationStrategy"),
    spot_instance_pools: integer("SpotInstancePools"),
    spot_max_price: text("SpotMaxPrice"),
  },
);

const mixedInstancesPolicy = valueKind(
  "aws_autoscaling_mixed_instances_policy",
  {
    launch_template: object("LaunchTemplate", launchTemplate),
    instances_distribution: object(
      "InstancesDistribution",
      instancesDistribution,
    ),
  },
);

const instance = valueKind("aws_autoscaling_instance", {
  instance_id: text("InstanceId"),
  instance_type: text("InstanceType"),
  availability_zone: text("AvailabilityZone"),
  lifecycle_state: text("LifecycleState"),
  health_status: text("HealthStatus"),
  launch_configuration_name: text("LaunchConfigurationName"),
  launch_template: object("LaunchTemplate", launchTemplateSpecification),
  protected_from_scale_in: flag("ProtectedFromScaleIn"),
  weighted_capacity: text("WeightedCapacity"),
});

const suspendedProcess = valueKind("aws_autoscaling_suspended_process", {
  process_name: text("ProcessName"),
  suspension_reason: text("SuspensionReason"),
});

const enabledMetric = valueKind("aws_autoscaling_enabled_metric", {
  metric: text("Metric"),
  granularity: text("Granularity"),
});

const warmPoolConfiguration = valueKind(
  "aws_autoscaling_warm_pool_configuration",
  {
    max_group_prepared_capacity: integer("MaxGroupPreparedCapacity"),
    min_size: integer("MinSize"),
    pool_state: text("PoolState"),
    status: text("Status"),
    instance_reuse_policy: flag("InstanceReusePolicy.ReuseOnScaleIn"),
  },
);

const GUARDED = parsePath("Instances[*].ProtectedFromScaleIn");

/** A group of instances that grows and shrinks. */
export const AUTOSCALING_GROUP: ResourceDeclaration = {
  kind: "aws_autoscaling_group",
  bases: ["autoscaling_group"],
  description: "A group of instances that grows and shrinks",
  list: {
    service: "autoscaling",
    operation: "DescribeAutoScalingGroups",
    result: "AutoScalingGroups[*]",
    pages: {
      input: "NextToken",
      output: "NextToken",
      size: ["MaxRecords", 100],
    },
  },
  one: ({ id }) => ({ AutoScalingGroupNames: [id] }),
  id: "AutoScalingGroupName",
  properties: {
    tags: tags("Tags"),
    name: text("AutoScalingGroupName"),
    ctime: time("CreatedTime"),
    arn: text("AutoScalingGroupARN"),
    autoscaling_launch_configuration_name: text("LaunchConfigurationName"),
    autoscaling_launch_template: object(
      "LaunchTemplate",
      launchTemplateSpecification,
    ),
    autoscaling_mixed_instances_policy: object(
      "MixedInstancesPolicy",
      mixedInstancesPolicy,
    ),
    min_size: integer("MinSize"),
    max_size: integer("MaxSize"),
    autoscaling_desired_capacity: integer("DesiredCapacity"),
    autoscaling_predicted_capacity: integer("PredictedCapacity"),
    autoscaling_default_cooldown: integer("DefaultCooldown"),
    autoscaling_availability_zones: texts("AvailabilityZones[*]"),
    autoscaling_load_balancer_names: texts("LoadBalancerNames[*]"),
    autoscaling_target_group_ar_ns: texts("TargetGroupARNs[*]"),
    autoscaling_health_check_type: text("HealthCheckType"),
    autoscaling_health_check_grace_period: integer("HealthCheckGracePeriod"),
    autoscaling_instances: unordered(objects("Instances", instance)),
    autoscaling_suspended_processes: objects(
      "SuspendedProcesses",
      suspendedProcess,
    ),
    autoscaling_placement_group: text("PlacementGroup"),
    autoscaling_vpc_zone_identifier: text("VPCZoneIdentifier"),
    autoscaling_enabled_metrics: objects("EnabledMetrics", enabledMetric),
    autoscaling_status: text("Status"),
    autoscaling_termination_policies: texts("TerminationPolicies[*]"),
    autoscaling_new_instances_protected_from_scale_in: flag(
      "NewInstancesProtectedFromScaleIn",
    ),
    autoscaling_service_linked_role_arn: text("ServiceLinkedRoleARN"),
    autoscaling_max_instance_lifetime: integer("MaxInstanceLifetime"),
    autoscaling_capacity_rebalance: flag("CapacityRebalance"),
    autoscaling_warm_pool_configuration: object(
      "WarmPoolConfiguration",
      warmPoolConfiguration,
    ),
    autoscaling_warm_pool_size: integer("WarmPoolSize"),
    autoscaling_context: text("Context"),
    autoscaling_desired_capacity_type: text("DesiredCapacityType"),
    autoscaling_default_instance_warmup: integer("DefaultInstanceWarmup"),
  },
  edges: [
    {
      successor: "aws_ec2_instance",
      id: "Instances[*].InstanceId",
      // It would make new ones for those that are deleted before it.
      deletedFirst: "self",
      goesAlong: "other",
    },
    {
      successor: "aws_ec2_launch_template",
      id: "LaunchTemplate.LaunchTemplateId",
      deletedFirst: "self",
    },
    {
      successor: "aws_ec2_launch_template",
      id:
        "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_alb_target_group",
      id: "TargetGroupARNs[*]",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_elb",
      id: "LoadBalancerNames[*]",
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "autoscaling",
      operation: "DeleteAutoScalingGroup",
      input: (_item, { id }) => ({
        AutoScalingGroupName: id,
        ForceDelete: true,
      }),
    }],
    // Deleted with force, it takes its instances along.
    refuse: (item) =>
      readAll(GUARDED, item).includes(true)
        ? "instances of it are protected from scale-in"
        : undefined,
    going: { of: "Status", states: ["Delete in progress"] },
    gone: [],
    later: [
      "ResourceContentionFault",
      "ResourceInUseFault",
      "ScalingActivityInProgressFault",
    ],
    withinSeconds: 900,
  },
  tagging: {
    set: {
      service: "autoscaling",
      operation: "CreateOrUpdateTags",
      input: ({ id }, tags) => ({
        Tags: Object.entries(tags).map(([Key, Value]) => ({
          ResourceId: id,
          ResourceType: "auto-scaling-group",
          Key,
          Value,
          PropagateAtLaunch: false,
        })),
      }),
    },
    unset: {
      service: "autoscaling",
      operation: "DeleteTags",
      input: ({ id }, keys) => ({
        Tags: keys.map((Key) => ({
          ResourceId: id,
          ResourceType: "auto-scaling-group",
          Key,
        })),
      }),
    },
  },
};
