"""Caches of ElastiCache: guarded and open ones, used and idle."""

from services.listing import pages, tags_of
from services.storage_network import make_key, make_network

OWNER = [{"Key": "owner", "Value": "lukas"}]

LOGS = [
    {
        "LogType": "slow-log",
        "DestinationType": "cloudwatch-logs",
        "DestinationDetails": {"CloudWatchLogsDetails": {"LogGroup": "slow"}},
        "LogFormat": "json",
    }
]


def seed(client, account, region):
    cache = client("elasticache")
    _, subnets, group = make_network(client, region, "10.41.0.0/16")
    key = make_key(client)
    topic = client("sns").create_topic(Name="caches")["TopicArn"]
    cache.create_cache_subnet_group(
        CacheSubnetGroupName="data",
        CacheSubnetGroupDescription="For data",
        SubnetIds=subnets,
    )
    cache.create_cache_cluster(
        CacheClusterId="sessions",
        Engine="redis",
        EngineVersion="7.1",
        CacheNodeType="cache.t3.micro",
        NumCacheNodes=1,
        PreferredAvailabilityZone=f"{region}a",
        CacheSubnetGroupName="data",
        SecurityGroupIds=[group],
        CacheParameterGroupName="default.redis7",
        PreferredMaintenanceWindow="sun:05:00-sun:06:00",
        NotificationTopicArn=topic,
        SnapshotRetentionLimit=7,
        SnapshotWindow="03:00-04:00",
        AuthToken="very-secret-very-secret",
        TransitEncryptionEnabled=True,
        LogDeliveryConfigurations=LOGS,
        Tags=OWNER,
    )
    # Not encrypted, without snapshots and without tags.
    cache.create_cache_cluster(
        CacheClusterId="open",
        Engine="memcached",
        CacheNodeType="cache.t3.micro",
        NumCacheNodes=2,
        CacheSecurityGroupNames=["default"],
    )
    cache.create_replication_group(
        ReplicationGroupId="carts",
        ReplicationGroupDescription="Carts",
        NumNodeGroups=2,
        ReplicasPerNodeGroup=1,
        AutomaticFailoverEnabled=True,
        MultiAZEnabled=True,
        ClusterMode="enabled",
        CacheNodeType="cache.r6g.large",
        Engine="redis",
        CacheSubnetGroupName="data",
        SecurityGroupIds=[group],
        SnapshotRetentionLimit=7,
        SnapshotWindow="03:00-04:00",
        AuthToken="very-secret-very-secret",
        TransitEncryptionEnabled=True,
        AtRestEncryptionEnabled=True,
        KmsKeyId=key,
        UserGroupIds=["people"],
        LogDeliveryConfigurations=LOGS,
        DataTieringEnabled=True,
        Tags=OWNER,
    )
    cache.create_replication_group(
        ReplicationGroupId="idle",
        ReplicationGroupDescription="Nobody uses it",
        NumCacheClusters=1,
        CacheNodeType="cache.t3.micro",
        Engine="redis",
    )
    # The node of that group, which moto does not make by itself.
    cache.create_cache_cluster(
        CacheClusterId="idle-001",
        ReplicationGroupId="idle",
        Engine="redis",
        CacheNodeType="cache.t3.micro",
        NumCacheNodes=1,
    )


def found(client, account, region):
    cache = client("elasticache")
    listed = {
        "aws_elasticache_cache_cluster": (
            "describe_cache_clusters",
            "CacheClusters",
            "CacheClusterId",
        ),
        "aws_elasticache_replication_group": (
            "describe_replication_groups",
            "ReplicationGroups",
            "ReplicationGroupId",
        ),
    }
    return {
        kind: {
            one[name]: tags_of(
                cache.list_tags_for_resource(ResourceName=one["ARN"]), "TagList"
            )
            for one in pages(cache, operation, result)
        }
        for kind, (operation, result, name) in listed.items()
    }
