"""Databases of RDS: guarded and public ones, with backups and without."""

from services.listing import pages, tags_of
from services.storage_network import make_key, make_network, make_role

OWNER = [{"Key": "owner", "Value": "lukas"}]


def seed_instances(rds, group, key, role):
    rds.create_db_security_group(
        DBSecurityGroupName="classic", DBSecurityGroupDescription="Of old times"
    )
    common = {"Engine": "postgres", "DBInstanceClass": "db.t3.micro"}
    login = {"MasterUsername": "root", "MasterUserPassword": "very-secret"}
    rds.create_db_instance(
        DBInstanceIdentifier="orders",
        DBName="orders",
        AllocatedStorage=20,
        MaxAllocatedStorage=100,
        Iops=3000,
        StorageType="io1",
        StorageEncrypted=True,
        KmsKeyId=key,
        BackupRetentionPeriod=7,
        PreferredBackupWindow="03:00-04:00",
        PreferredMaintenanceWindow="sun:05:00-sun:06:00",
        DBSubnetGroupName="data",
        VpcSecurityGroupIds=[group],
        MultiAZ=True,
        CopyTagsToSnapshot=True,
        DeletionProtection=True,
        EnableIAMDatabaseAuthentication=True,
        EnablePerformanceInsights=True,
        PerformanceInsightsKMSKeyId=key,
        PerformanceInsightsRetentionPeriod=7,
        EnableCloudwatchLogsExports=["postgresql"],
        MonitoringInterval=60,
        MonitoringRoleArn=role,
        PromotionTier=1,
        Domain="d-1",
        DomainIAMRoleName="join",
        Tags=OWNER,
        **common,
        **login,
    )
    # Public, not encrypted, without backups and without tags.
    rds.create_db_instance(
        DBInstanceIdentifier="open",
        AllocatedStorage=20,
        PubliclyAccessible=True,
        BackupRetentionPeriod=0,
        DBSecurityGroups=["classic"],
        CharacterSetName="utf8",
        Timezone="UTC",
        NcharCharacterSetName="utf8",
        ProcessorFeatures=[{"Name": "coreCount", "Value": "2"}],
        **{**common, "Engine": "mysql"},
        **login,
    )
    rds.create_db_instance_read_replica(
        DBInstanceIdentifier="orders-copy", SourceDBInstanceIdentifier="orders"
    )
    rds.add_role_to_db_instance(
        DBInstanceIdentifier="orders", RoleArn=role, FeatureName="s3Import"
    )
    # Nobody uses it.
    rds.create_db_instance(
        DBInstanceIdentifier="idle", AllocatedStorage=5, **common, **login
    )
    rds.stop_db_instance(DBInstanceIdentifier="idle")


def seed_clusters(rds, group, key, role):
    login = {"MasterUsername": "root", "MasterUserPassword": "very-secret"}
    shop = rds.create_db_cluster(
        DBClusterIdentifier="shop",
        DatabaseName="shop",
        Engine="aurora-mysql",
        VpcSecurityGroupIds=[group],
        DBSubnetGroupName="data",
        StorageEncrypted=True,
        KmsKeyId=key,
        BackupRetentionPeriod=7,
        BacktrackWindow=3600,
        DeletionProtection=True,
        CopyTagsToSnapshot=True,
        EnableIAMDatabaseAuthentication=True,
        EnableCloudwatchLogsExports=["audit"],
        EnableHttpEndpoint=True,
        EnableGlobalWriteForwarding=True,
        CharacterSetName="utf8",
        MonitoringInterval=60,
        MonitoringRoleArn=role,
        Domain="d-1",
        DomainIAMRoleName="join",
        ServerlessV2ScalingConfiguration={"MinCapacity": 0.5, "MaxCapacity": 2},
        Tags=OWNER,
        **login,
    )["DBCluster"]["DBClusterArn"]
    rds.create_db_instance(
        DBInstanceIdentifier="shop-1",
        DBClusterIdentifier="shop",
        DBInstanceClass="db.r5.large",
        Engine="aurora-mysql",
    )
    rds.add_role_to_db_cluster(DBClusterIdentifier="shop", RoleArn=role, FeatureName="Lambda")
    rds.create_db_cluster(
        DBClusterIdentifier="reports",
        Engine="postgres",
        DBClusterInstanceClass="db.r5.large",
        AllocatedStorage=100,
        StorageType="io1",
        Iops=1000,
        ManageMasterUserPassword=True,
        MasterUserSecretKmsKeyId=key,
        MasterUsername="root",
    )
    rds.create_db_cluster(
        DBClusterIdentifier="shop-copy",
        Engine="aurora-mysql",
        ReplicationSourceIdentifier=shop,
        **login,
    )
    rds.create_db_cluster(
        DBClusterIdentifier="seldom",
        Engine="aurora-mysql",
        EngineMode="serverless",
        ScalingConfiguration={
            "MinCapacity": 1,
            "MaxCapacity": 2,
            "AutoPause": True,
            "SecondsUntilAutoPause": 300,
            "TimeoutAction": "RollbackCapacityChange",
            "SecondsBeforeTimeout": 300,
        },
        **login,
    )


def seed_snapshots(rds):
    rds.create_db_snapshot(
        DBInstanceIdentifier="orders",
        DBSnapshotIdentifier="orders-before",
        Tags=[{"Key": "Name", "Value": "before"}, *OWNER],
    )
    # Everybody may restore this one.
    rds.create_db_snapshot(
        DBInstanceIdentifier="open", DBSnapshotIdentifier="open-public"
    )
    rds.modify_db_snapshot_attribute(
        DBSnapshotIdentifier="open-public",
        AttributeName="restore",
        ValuesToAdd=["all"],
    )
    rds.create_db_cluster_snapshot(
        DBClusterIdentifier="shop",
        DBClusterSnapshotIdentifier="shop-before",
        Tags=[{"Key": "Name", "Value": "before"}, *OWNER],
    )
    rds.copy_db_snapshot(
        SourceDBSnapshotIdentifier="orders-before",
        TargetDBSnapshotIdentifier="orders-kept",
    )
    rds.copy_db_cluster_snapshot(
        SourceDBClusterSnapshotIdentifier="shop-before",
        TargetDBClusterSnapshotIdentifier="shop-kept",
    )
    rds.modify_db_cluster_snapshot_attribute(
        DBClusterSnapshotIdentifier="shop-before",
        AttributeName="restore",
        ValuesToAdd=["222222222222"],
    )


def seed(client, account, region):
    rds = client("rds")
    _, subnets, group = make_network(client, region, "10.40.0.0/16")
    key, role = make_key(client), make_role(client, "monitor", region)
    rds.create_db_subnet_group(
        DBSubnetGroupName="data",
        DBSubnetGroupDescription="For data",
        SubnetIds=subnets,
    )
    seed_instances(rds, group, key, role)
    seed_clusters(rds, group, key, role)
    seed_snapshots(rds)


def found(client, account, region):
    rds = client("rds")
    listed = {
        "aws_rds_instance": ("describe_db_instances", "DBInstance"),
        "aws_rds_cluster": ("describe_db_clusters", "DBCluster"),
        "aws_rds_snapshot": ("describe_db_snapshots", "DBSnapshot"),
        "aws_rds_cluster_snapshot": (
            "describe_db_cluster_snapshots",
            "DBClusterSnapshot",
        ),
    }
    return {
        kind: {
            one[f"{name}Identifier"]: tags_of(
                rds.list_tags_for_resource(ResourceName=one[f"{name}Arn"]), "TagList"
            )
            for one in pages(rds, operation, f"{name}s")
        }
        for kind, (operation, name) in listed.items()
    }
