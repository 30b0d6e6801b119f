import type { ResourceDeclaration } from "../../declaration.ts";
import { arnOf, kmsKeyId } from "../../arn.ts";
import { keyValueTags } from "../key_value_tags.ts";
import {
  dictionary,
  flag,
  integer,
  object,
  objectsByName,
  policy,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";

const samlIdp = valueKind("aws_opensearch_saml_idp", {
  metadata_content: text("MetadataContent"),
  entity_id: text("EntityId"),
});

const samlOptionsOutput = valueKind("aws_opensearch_saml_options_output", {
  enabled: flag("Enabled"),
  idp: object("Idp", samlIdp),
  subject_key: text("SubjectKey"),
  roles_key: text("RolesKey"),
  session_timeout_minutes: integer("SessionTimeoutMinutes"),
});

const advancedSecurityOptions = valueKind(
  "aws_opensearch_advanced_security_options",
  {
    enabled: flag("Enabled"),
    internal_user_database_enabled: flag("InternalUserDatabaseEnabled"),
    saml_options: object("SAMLOptions", samlOptionsOutput),
    anonymous_auth_disable_date: time("AnonymousAuthDisableDate"),
    anonymous_auth_enabled: flag("AnonymousAuthEnabled"),
  },
);

const autoTuneOptionsOutput = valueKind(
  "aws_opensearch_auto_tune_options_output",
  {
    state: text("State"),
    error_message: text("ErrorMessage"),
    use_off_peak_window: flag("UseOffPeakWindow"),
  },
);

const changeProgressDetails = valueKind(
  "aws_opensearch_change_progress_details",
  {
    change_id: text("ChangeId"),
    message: text("Message"),
  },
);

const clusterConfig = valueKind("aws_opensearch_cluster_config", {
  instance_type: text("InstanceType"),
  instance_count: integer("InstanceCount"),
  dedicated_master_enabled: flag("DedicatedMasterEnabled"),
  zone_awareness_enabled: flag("ZoneAwarenessEnabled"),
  zone_awareness_config: integer("ZoneAwarenessConfig.AvailabilityZoneCount"),
  dedicated_master_type: text("DedicatedMasterType"),
  dedicated_master_count: integer("DedicatedMasterCount"),
  warm_enabled: flag("WarmEnabled"),
  warm_type: text("WarmType"),
  warm_count: integer("WarmCount"),
  cold_storage_options: flag("ColdStorageOptions.Enabled"),
  multi_az_with_standby_enabled: flag("MultiAZWithStandbyEnabled"),
});

const cognitoOptions = valueKind("aws_opensearch_cognito_options", {
  enabled: flag("Enabled"),
  user_pool_id: text("UserPoolId"),
  identity_pool_id: text("IdentityPoolId"),
  role_arn: text("RoleArn"),
});

const domainEndpointOptions = valueKind(
  "aws_opensearch_domain_endpoint_options",
  {
    enforce_https: flag("EnforceHTTPS"),
    tls_security_policy: text("TLSSecurityPolicy"),
    custom_endpoint_enabled: flag("CustomEndpointEnabled"),
    custom_endpoint: text("CustomEndpoint"),
    custom_endpoint_certificate_arn: text("CustomEndpointCertificateArn"),
  },
);

const ebsOptions = valueKind("aws_opensearch_ebs_options", {
  ebs_enabled: flag("EBSEnabled"),
  volume_type: text("VolumeType"),
  volume_size: integer("VolumeSize"),
  iops: integer("Iops"),
  throughput: integer("Throughput"),
});

const encryptionAtRestOptions = valueKind(
  "aws_opensearch_encryption_at_rest_options",
  {
    enabled: flag("Enabled"),
    kms_key_id: text("KmsKeyId"),
  },
);

const windowStartTime = valueKind("aws_opensearch_window_start_time", {
  hours: integer("Hours"),
  minutes: integer("Minutes"),
});

const offPeakWindow = valueKind("aws_opensearch_off_peak_window", {
  window_start_time: object("WindowStartTime", windowStartTime),
});

const offPeakWindowOptions = valueKind(
  "aws_opensearch_off_peak_window_options",
  {
    enabled: flag("Enabled"),
    off_peak_window: object("OffPeakWindow", offPeakWindow),
  },
);

const serviceSoftwareOptions = valueKind(
  "aws_opensearch_service_software_options",
  {
    current_version: text("CurrentVersion"),
    new_version: text("NewVersion"),
    update_available: flag("UpdateAvailable"),
    cancellable: flag("Cancellable"),
    update_status: text("UpdateStatus"),
    description: text("Description"),
    automated_update_date: time("AutomatedUpdateDate"),
    optional_deployment: flag("OptionalDeployment"),
  },
);

const vpcDerivedInfo = valueKind("aws_opensearch_vpc_derived_info", {
  vpc_id: text("VPCId"),
  subnet_ids: texts("SubnetIds[*]"),
  availability_zones: texts("AvailabilityZones[*]"),
  security_group_ids: texts("SecurityGroupIds[*]"),
});

const logPublishingOption = valueKind("aws_opensearch_log_publishing_option", {
  cloud_watch_logs_log_group_arn: text("CloudWatchLogsLogGroupArn"),
  enabled: flag("Enabled"),
});

/** The type of instance behind a type of node such as `m6g.large.search`. */
function instanceType(node: string): string {
  return node.replace(/\.(search|elasticsearch)$/, "");
}

/**
 * A domain of OpenSearch or Elasticsearch. It is deleted with its indices and
 * automatic snapshots; the service makes no final one.
 */
export const DOMAIN: ResourceDeclaration = {
  kind: "aws_opensearch_domain",
  description: "A search cluster (OpenSearch)",
  list: {
    service: "opensearch",
    operation: "ListDomainNames",
    result: "DomainNames[*]",
  },
  details: [
    {
      as: "$domain",
      of: "DomainName",
      batch: 5,
      service: "opensearch",
      operation: "DescribeDomains",
      askFor: (names) => ({ DomainNames: [...names] }),
      result: "DomainStatusList[*]",
      match: "DomainName",
      // Others of its batch are asked for one by one then.
      none: ["ResourceNotFoundException"],
    },
    {
      as: "$tags",
      of: "$domain.ARN",
      many: true,
      service: "opensearch",
      operation: "ListTags",
      askFor: ([arn = ""]) => ({ ARN: arn }),
      result: "TagList[*]",
      none: ["ResourceNotFoundException"],
    },
  ],
  id: "$domain.DomainName",
  properties: {
    tags: tags("$tags"),
    name: text("DomainName"),
    domain_id: text("$domain.DomainId"),
    arn: text("$domain.ARN"),
    created: flag("$domain.Created"),
    deleted: flag("$domain.Deleted"),
    endpoint: text("$domain.Endpoint"),
    endpoint_v2: text("$domain.EndpointV2"),
    endpoints: dictionary("$domain.Endpoints"),
    processing: flag("$domain.Processing"),
    upgrade_processing: flag("$domain.UpgradeProcessing"),
    engine_version: text("$domain.EngineVersion"),
    cluster_config: object("$domain.ClusterConfig", clusterConfig),
    ebs_options: object("$domain.EBSOptions", ebsOptions),
    access_policies: policy("$domain.AccessPolicies"),
    ip_address_type: text("$domain.IPAddressType"),
    snapshot_options: integer(
      "$domain.SnapshotOptions.AutomatedSnapshotStartHour",
    ),
    vpc_options: object("$domain.VPCOptions", vpcDerivedInfo),
    cognito_options: object("$domain.CognitoOptions", cognitoOptions),
    encryption_at_rest_options: object(
      "$domain.EncryptionAtRestOptions",
      encryptionAtRestOptions,
    ),
    node_to_node_encryption_options: flag(
      "$domain.NodeToNodeEncryptionOptions.Enabled",
    ),
    advanced_options: dictionary("$domain.AdvancedOptions"),
    log_publishing_options: objectsByName(
      "$domain.LogPublishingOptions",
      logPublishingOption,
    ),
    service_software_options: object(
      "$domain.ServiceSoftwareOptions",
      serviceSoftwareOptions,
    ),
    domain_endpoint_options: object(
      "$domain.DomainEndpointOptions",
      domainEndpointOptions,
    ),
    advanced_security_options: object(
      "$domain.AdvancedSecurityOptions",
      advancedSecurityOptions,
    ),
    auto_tune_options: object("$domain.AutoTuneOptions", autoTuneOptionsOutput),
    change_progress_details: object(
      "$domain.ChangeProgressDetails",
      changeProgressDetails,
    ),
    off_peak_window_options: object(
      "$domain.OffPeakWindowOptions",
      offPeakWindowOptions,
    ),
    software_update_options: flag(
      "$domain.SoftwareUpdateOptions.AutoSoftwareUpdateEnabled",
    ),
  },
  edges: [
    {
      predecessor: "aws_vpc",
      id: "$domain.VPCOptions.VPCId",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_subnet",
      id: "$domain.VPCOptions.SubnetIds[*]",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_security_group",
      id: "$domain.VPCOptions.SecurityGroupIds[*]",
      deletedFirst: "self",
    },
    {
      predecessor: "aws_ec2_instance_type",
      id: "$domain.ClusterConfig.InstanceType",
      read: instanceType,
    },
    {
      successor: "aws_kms_key",
      id: "$domain.EncryptionAtRestOptions.KmsKeyId",
      read: kmsKeyId,
      deletedFirst: "self",
    },
  ],
  remove: {
    calls: [{
      service: "opensearch",
      operation: "DeleteDomain",
      input: (_, { id }) => ({ DomainName: id }),
    }],
    going: { of: "$domain.Deleted", states: ["true"] },
    gone: ["ResourceNotFoundException"],
    withinSeconds: 1800,
  },
  tagging: {
    set: {
      service: "opensearch",
      operation: "AddTags",
      input: (target, tags) => ({
        ARN: arnOf(target, "es", `domain/${target.id}`),
        TagList: keyValueTags(tags),
      }),
    },
    unset: {
      service: "opensearch",
      operation: "RemoveTags",
      input: (target, keys) => ({
        ARN: arnOf(target, "es", `domain/${target.id}`),
        TagKeys: [...keys],
      }),
    },
  },
};
