import type { ResourceDeclaration } from "../../declaration.ts";
import {
  dictionary,
  flag,
  integer,
  names,
  object,
  objects,
  tags,
  text,
  texts,
  time,
  unordered,
  valueKind,
} from "../../property.ts";
import {
  attribute,
  environmentFile,
  inferenceAccelerator,
  keyValuePair,
  resourceRequirement,
} from "./shared_values.ts";
import { ECS_PAGES } from "./ecs_pages.ts";
import { ECS_TAGGING } from "./ecs_tagging.ts";
import { taskDefinitionId } from "./task_definition_id.ts";

const portMapping = valueKind("aws_ecs_port_mapping", {
  container_port: integer("containerPort"),
  host_port: integer("hostPort"),
  protocol: text("protocol"),
});

const mountPoint = valueKind("aws_ecs_mount_point", {
  source_volume: text("sourceVolume"),
  container_path: text("containerPath"),
  read_only: flag("readOnly"),
});

const volumeFrom = valueKind("aws_ecs_volume_from", {
  source_container: text("sourceContainer"),
  read_only: flag("readOnly"),
});

const kernelCapabilities = valueKind("aws_ecs_kernel_capabilities", {
  add: texts("add[*]"),
  drop: texts("drop[*]"),
});

const device = valueKind("aws_ecs_device", {
  host_path: text("hostPath"),
  container_path: text("containerPath"),
  permissions: texts("permissions[*]"),
});

const tmpfs = valueKind("aws_ecs_tmpfs", {
  container_path: text("containerPath"),
  size: integer("size"),
  mount_options: texts("mountOptions[*]"),
});

const linuxParameters = valueKind("aws_ecs_linux_parameters", {
  capabilities: object("capabilities", kernelCapabilities),
  devices: objects("devices", device),
  init_process_enabled: flag("initProcessEnabled"),
  shared_memory_size: integer("sharedMemorySize"),
  tmpfs: objects("tmpfs", tmpfs),
  max_swap: integer("maxSwap"),
  swappiness: integer("swappiness"),
});

const secret = valueKind("aws_ecs_secret", {
  name: text("name"),
  value_from: text("valueFrom"),
});

const containerDependency = valueKind("aws_ecs_container_dependency", {
  container_name: text("containerName"),
  condition: text("condition"),
});

const hostEntry = valueKind("aws_ecs_host_entry", {
  hostname: text("hostname"),
  ip_address: text("ipAddress"),
});

const ulimit = valueKind("aws_ecs_ulimit", {
  name: text("name"),
  soft_limit: integer("softLimit"),
  hard_limit: integer("hardLimit"),
});

const logConfiguration = valueKind("aws_ecs_log_configuration", {
  log_driver: text("logDriver"),
  options: names("options"),
  secret_options: objects("secretOptions", secret),
});

const healthCheck = valueKind("aws_ecs_health_check", {
  command: texts("command[*]"),
  interval: integer("interval"),
  timeout: integer("timeout"),
  retries: integer("retries"),
  start_period: integer("startPeriod"),
});

const systemControl = valueKind("aws_ecs_system_control", {
  namespace: text("namespace"),
  value: text("value"),
});

const firelensConfiguration = valueKind("aws_ecs_firelens_configuration", {
  type: text("type"),
  options: names("options"),
});

const containerDefinition = valueKind("aws_ecs_container_definition", {
  name: text("name"),
  image: text("image"),
  repository_credentials: text("repositoryCredentials.credentialsParameter"),
  cpu: integer("cpu"),
  memory: integer("memory"),
  memory_reservation: integer("memoryReservation"),
  links: texts("links[*]"),
  port_mappings: objects("portMappings", portMapping),
  essential: flag("essential"),
  entry_point: texts("entryPoint[*]"),
  command: texts("command[*]"),
  environment: unordered(texts("environment[*].name")),
  environment_files: objects("environmentFiles", environmentFile),
  mount_points: objects("mountPoints", mountPoint),
  volumes_from: objects("volumesFrom", volumeFrom),
  linux_parameters: object("linuxParameters", linuxParameters),
  secrets: unordered(objects("secrets", secret)),
  depends_on: objects("dependsOn", containerDependency),
  start_timeout: integer("startTimeout"),
  stop_timeout: integer("stopTimeout"),
  hostname: text("hostname"),
  user: text("user"),
  working_directory: text("workingDirectory"),
  disable_networking: flag("disableNetworking"),
  privileged: flag("privileged"),
  readonly_root_filesystem: flag("readonlyRootFilesystem"),
  dns_servers: texts("dnsServers[*]"),
  dns_search_domains: texts("dnsSearchDomains[*]"),
  extra_hosts: objects("extraHosts", hostEntry),
  docker_security_options: texts("dockerSecurityOptions[*]"),
  interactive: flag("interactive"),
  pseudo_terminal: flag("pseudoTerminal"),
  docker_labels: dictionary("dockerLabels"),
  ulimits: objects("ulimits", ulimit),
  log_configuration: object("logConfiguration", logConfiguration),
  health_check: object("healthCheck", healthCheck),
  system_controls: objects("systemControls", systemControl),
  resource_requirements: objects("resourceRequirements", resourceRequirement),
  firelens_configuration: object(
    "firelensConfiguration",
    firelensConfiguration,
  ),
});

const dockerVolumeConfiguration = valueKind(
  "aws_ecs_docker_volume_configuration",
  {
    scope: text("scope"),
    autoprovision: flag("autoprovision"),
    driver: text("driver"),
    driver_opts: names("driverOpts"),
    labels: dictionary("labels"),
  },
);

const eFSAuthorizationConfig = valueKind("aws_ecs_efs_authorization_config", {
  access_point_id: text("accessPointId"),
  iam: text("iam"),
});

const eFSVolumeConfiguration = valueKind("aws_ecs_efs_volume_configuration", {
  file_system_id: text("fileSystemId"),
  root_directory: text("rootDirectory"),
  transit_encryption: text("transitEncryption"),
  transit_encryption_port: integer("transitEncryptionPort"),
  authorization_config: object("authorizationConfig", eFSAuthorizationConfig),
});

const fSxWindowsFileServerAuthorizationConfig = valueKind(
  "aws_ecs_f_sx_windows_file_server_authorization_config",
  {
    credentials_parameter: text("credentialsParameter"),
    domain: text("domain"),
  },
);

const fSxWindowsFileServerVolumeConfiguration = valueKind(
  "aws_ecs_f_sx_windows_file_server_volume_configuration",
  {
    file_system_id: text("fileSystemId"),
    root_directory: text("rootDirectory"),
    authorization_config: object(
      "authorizationConfig",
      fSxWindowsFileServerAuthorizationConfig,
    ),
  },
);

const volume = valueKind("aws_ecs_volume", {
  name: text("name"),
  host: text("host.sourcePath"),
  docker_volume_configuration: object(
    "dockerVolumeConfiguration",
    dockerVolumeConfiguration,
  ),
  efs_volume_configuration: object(
    "efsVolumeConfiguration",
    eFSVolumeConfiguration,
  ),
  fsx_windows_file_server_volume_configuration: object(
    "fsxWindowsFileServerVolumeConfiguration",
    fSxWindowsFileServerVolumeConfiguration,
  ),
});

const taskDefinitionPlacementConstraint = valueKind(
  "aws_ecs_task_definition_placement_constraint",
  {
    type: text("type"),
    expression: text("expression"),
  },
);

const runtimePlatform = valueKind("aws_ecs_runtime_platform", {
  cpu_architecture: text("cpuArchitecture"),
  operating_system_family: text("operatingSystemFamily"),
});

const proxyConfiguration = valueKind("aws_ecs_proxy_configuration", {
  type: text("type"),
  container_name: text("containerName"),
  properties: objects("properties", keyValuePair),
});

/**
 * A definition of tasks that is in use. Values of the environment and options of
 * loggers and volumes may be secrets: only their names are kept.
 */
export const TASK_DEFINITION: ResourceDeclaration = {
  kind: "aws_ecs_task_definition",
  description: "What the containers of a task are (ECS)",
  categories: ["compute"],
  list: {
    service: "ecs",
    operation: "ListTaskDefinitions",
    input: { sort: "DESC" },
    result: "taskDefinitionArns[*]",
    wrap: "taskDefinitionArn",
    pages: ECS_PAGES,
  },
  details: [{
    as: "$definition",
    of: "taskDefinitionArn",
    service: "ecs",
    operation: "DescribeTaskDefinition",
    input: { include: ["TAGS"] },
    askFor: ([taskDefinition = ""]) => ({ taskDefinition }),
  }],
  id: {
    of: ["taskDefinitionArn"],
    read: taskDefinitionId,
  },
  properties: {
    tags: tags("$definition.tags"),
    name: text("$definition.tags[Name]", "taskDefinitionArn"),
    ctime: time("$definition.taskDefinition.registeredAt"),
    arn: text("$definition.taskDefinition.taskDefinitionArn"),
    container_definitions: objects(
      "$definition.taskDefinition.containerDefinitions",
      containerDefinition,
    ),
    family: text("$definition.taskDefinition.family"),
    task_role_arn: text("$definition.taskDefinition.taskRoleArn"),
    execution_role_arn: text("$definition.taskDefinition.executionRoleArn"),
    network_mode: text("$definition.taskDefinition.networkMode"),
    revision: integer("$definition.taskDefinition.revision"),
    volumes: objects("$definition.taskDefinition.volumes", volume),
    status: text("$definition.taskDefinition.status"),
    requires_attributes: unordered(
      objects("$definition.taskDefinition.requiresAttributes", attribute),
    ),
    placement_constraints: objects(
      "$definition.taskDefinition.placementConstraints",
      taskDefinitionPlacementConstraint,
    ),
    compatibilities: texts("$definition.taskDefinition.compatibilities[*]"),
    runtime_platform: object(
      "$definition.taskDefinition.runtimePlatform",
      runtimePlatform,
    ),
    requires_compatibilities: texts(
      "$definition.taskDefinition.requiresCompatibilities[*]",
    ),
    cpu: text("$definition.taskDefinition.cpu"),
    memory: text("$definition.taskDefinition.memory"),
    inference_accelerators: objects(
      "$definition.taskDefinition.inferenceAccelerators",
      inferenceAccelerator,
    ),
    pid_mode: text("$definition.taskDefinition.pidMode"),
    ipc_mode: text("$definition.taskDefinition.ipcMode"),
    proxy_configuration: object(
      "$definition.taskDefinition.proxyConfiguration",
      proxyConfiguration,
    ),
    deregistered_at: time("$definition.taskDefinition.deregisteredAt"),
    registered_by: text("$definition.taskDefinition.registeredBy"),
    ephemeral_storage: integer(
      "$definition.taskDefinition.ephemeralStorage.sizeInGiB",
    ),
  },
  edges: [
    {
      predecessor: "aws_iam_role",
      id: "$definition.taskDefinition.taskRoleArn",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_iam_role",
      id: "$definition.taskDefinition.executionRoleArn",
      deletedFirst: "self",
    },
    {
      successor: "aws_efs_file_system",
      id:
        "$definition.taskDefinition.volumes[*].efsVolumeConfiguration.fileSystemId",
    },
  ],
  remove: {
    calls: [{
      service: "ecs",
      operation: "DeregisterTaskDefinition",
      input: ({ taskDefinitionArn }) => ({
        taskDefinition: String(taskDefinitionArn),
      }),
    }],
    gone: [],
  },
  tagging: ECS_TAGGING,
};
