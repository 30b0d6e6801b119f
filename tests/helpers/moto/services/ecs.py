"""Clusters: one that runs services and tasks, and an empty one."""

import json

from services.listing import pages
from services.storage_network import make_bucket, make_key, make_network, make_role

OWNER = [{"key": "owner", "value": "lukas"}]


def make_group(client, subnets):
    """The ARN of a group of instances."""
    client("ec2").create_launch_template(
        LaunchTemplateName="nodes", LaunchTemplateData={"InstanceType": "t3.micro"}
    )
    scaling = client("autoscaling")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName="nodes",
        MinSize=0,
        MaxSize=2,
        LaunchTemplate={"LaunchTemplateName": "nodes"},
        VPCZoneIdentifier=",".join(subnets),
    )
    groups = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    return groups[0]["AutoScalingGroupARN"]


def make_target_group(client, vpc):
    made = client("elbv2").create_target_group(
        Name="web", Protocol="HTTP", Port=80, VpcId=vpc
    )
    return made["TargetGroups"][0]["TargetGroupArn"]


def make_instance(client, subnet):
    ec2 = client("ec2")
    run = ec2.run_instances(
        ImageId="ami-12c6146b", MinCount=1, MaxCount=1, SubnetId=subnet
    )
    return run["Instances"][0]["InstanceId"]


def seed_definitions(client, account, region, role):
    ecs = client("ecs")
    efs = client("efs").create_file_system(CreationToken="disk")["FileSystemId"]
    ecs.register_task_definition(
        family="web",
        taskRoleArn=role,
        executionRoleArn=role,
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        pidMode="task",
        ipcMode="none",
        requiresCompatibilities=["EC2", "FARGATE"],
        runtimePlatform={"cpuArchitecture": "ARM64", "operatingSystemFamily": "LINUX"},
        ephemeralStorage={"sizeInGiB": 30},
        proxyConfiguration={
            "type": "APPMESH",
            "containerName": "web",
            "properties": [{"name": "ProxyEgressPort", "value": "15001"}],
        },
        inferenceAccelerators=[{"deviceName": "a", "deviceType": "eia2.medium"}],
        placementConstraints=[
            {"type": "memberOf", "expression": "attribute:os == linux"}
        ],
        volumes=[
            {"name": "host", "host": {"sourcePath": "/srv"}},
            {
                "name": "docker",
                "dockerVolumeConfiguration": {
                    "scope": "shared",
                    "autoprovision": True,
                    "driver": "local",
                    "driverOpts": {"type": "nfs"},
                    "labels": {"a": "b"},
                },
            },
            {
                "name": "efs",
                "efsVolumeConfiguration": {
                    "fileSystemId": efs,
                    "rootDirectory": "/",
                    "transitEncryption": "ENABLED",
                    "transitEncryptionPort": 2999,
                    "authorizationConfig": {
                        "accessPointId": "fsap-1",
                        "iam": "ENABLED",
                    },
                },
            },
            {
                "name": "fsx",
                "fsxWindowsFileServerVolumeConfiguration": {
                    "fileSystemId": "fs-1",
                    "rootDirectory": "share",
                    "authorizationConfig": {
                        "credentialsParameter": "arn:aws:ssm:x",
                        "domain": "corp",
                    },
                },
            },
        ],
        containerDefinitions=[
            {
                "name": "web",
                "image": "nginx",
                "repositoryCredentials": {"credentialsParameter": "arn:aws:s:x"},
                "cpu": 128,
                "memory": 256,
                "memoryReservation": 128,
                "links": ["log"],
                "portMappings": [
                    {"containerPort": 80, "hostPort": 80, "protocol": "tcp"}
                ],
                "essential": True,
                "entryPoint": ["/run"],
                "command": ["serve"],
                "environment": [{"name": "DB_PASSWORD", "value": "very-secret"}],
                "environmentFiles": [{"value": "arn:aws:s3:::x/y", "type": "s3"}],
                "mountPoints": [
                    {
                        "sourceVolume": "host",
                        "containerPath": "/srv",
                        "readOnly": True,
                    }
                ],
                "volumesFrom": [{"sourceContainer": "log", "readOnly": True}],
                "linuxParameters": {
                    "capabilities": {"add": ["SYS_PTRACE"], "drop": ["ALL"]},
                    "devices": [
                        {
                            "hostPath": "/dev/a",
                            "containerPath": "/dev/a",
                            "permissions": ["read"],
                        }
                    ],
                    "initProcessEnabled": True,
                    "sharedMemorySize": 64,
                    "tmpfs": [
                        {"containerPath": "/t", "size": 1, "mountOptions": ["ro"]}
                    ],
                    "maxSwap": 1,
                    "swappiness": 1,
                },
                "secrets": [{"name": "TOKEN", "valueFrom": "arn:aws:ssm:x"}],
                "dependsOn": [{"containerName": "log", "condition": "START"}],
                "startTimeout": 10,
                "stopTimeout": 10,
                "hostname": "web",
                "user": "web",
                "workingDirectory": "/srv",
                "disableNetworking": False,
                "privileged": False,
                "readonlyRootFilesystem": True,
                "dnsServers": ["192.0.2.1"],
                "dnsSearchDomains": ["example.com"],
                "extraHosts": [{"hostname": "a", "ipAddress": "192.0.2.2"}],
                "dockerSecurityOptions": ["no-new-privileges"],
                "interactive": False,
                "pseudoTerminal": False,
                "dockerLabels": {"a": "b"},
                "ulimits": [{"name": "core", "softLimit": 0, "hardLimit": 0}],
                "logConfiguration": {
                    "logDriver": "splunk",
                    "options": {"splunk-token": "very-secret"},
                    "secretOptions": [{"name": "a", "valueFrom": "arn:aws:ssm:x"}],
                },
                "healthCheck": {
                    "command": ["CMD", "true"],
                    "interval": 30,
                    "timeout": 5,
                    "retries": 3,
                    "startPeriod": 10,
                },
                "systemControls": [{"namespace": "net.a", "value": "1"}],
                "resourceRequirements": [{"value": "1", "type": "GPU"}],
                "firelensConfiguration": {
                    "type": "fluentbit",
                    "options": {"a": "b"},
                },
            }
        ],
        tags=OWNER,
    )
    # Nobody runs it: it has an open port, no role and no tags.
    ecs.register_task_definition(
        family="batch",
        containerDefinitions=[
            {"name": "batch", "image": "busybox", "memory": 64, "privileged": True}
        ],
    )


def seed_cluster(client, account, region, bucket):
    client("logs").create_log_group(logGroupName="/ecs/exec")
    client("ecs").create_cluster(
        clusterName="shop",
        configuration={
            "executeCommandConfiguration": {
                "kmsKeyId": make_key(client),
                "logging": "OVERRIDE",
                "logConfiguration": {
                    "cloudWatchLogGroupName": "/ecs/exec",
                    "cloudWatchEncryptionEnabled": True,
                    "s3BucketName": bucket,
                    "s3EncryptionEnabled": True,
                    "s3KeyPrefix": "exec",
                },
            }
        },
        settings=[{"name": "containerInsights", "value": "enabled"}],
        capacityProviders=["nodes"],
        defaultCapacityProviderStrategy=[
            {"capacityProvider": "nodes", "weight": 1, "base": 0}
        ],
        tags=OWNER,
    )
    # Nothing runs in it.
    client("ecs").create_cluster(clusterName="empty")


def register_instance(client, account, region, instance):
    document = {
        "instanceId": instance,
        "region": region,
        "accountId": account,
        "imageId": "ami-12c6146b",
        "instanceType": "t3.micro",
    }
    made = client("ecs").register_container_instance(
        cluster="shop", instanceIdentityDocument=json.dumps(document)
    )
    return made["containerInstance"]["containerInstanceArn"]


def awsvpc_of(network):
    _, subnets, group = network
    return {
        "awsvpcConfiguration": {
            "subnets": subnets,
            "securityGroups": [group],
            "assignPublicIp": "ENABLED",
        }
    }


def seed_services(client, account, region, role, network, target_group):
    ecs = client("ecs")
    client("elb").create_load_balancer(
        LoadBalancerName="classic",
        Listeners=[
            {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}
        ],
        AvailabilityZones=[f"{region}a"],
    )
    awsvpc = awsvpc_of(network)
    ecs.create_service(
        cluster="shop",
        serviceName="web",
        taskDefinition="web",
        desiredCount=1,
        role=role,
        loadBalancers=[
            {
                "targetGroupArn": target_group,
                "containerName": "web",
                "containerPort": 80,
            },
            {
                "loadBalancerName": "classic",
                "containerName": "web",
                "containerPort": 80,
            },
        ],
        serviceRegistries=[
            {
                "registryArn": "arn:aws:servicediscovery:x",
                "port": 80,
                "containerName": "web",
                "containerPort": 80,
            }
        ],
        capacityProviderStrategy=[
            {"capacityProvider": "nodes", "weight": 1, "base": 0}
        ],
        platformVersion="LATEST",
        deploymentConfiguration={
            "deploymentCircuitBreaker": {"enable": True, "rollback": True},
            "maximumPercent": 200,
            "minimumHealthyPercent": 50,
        },
        placementConstraints=[{"type": "distinctInstance", "expression": "a"}],
        placementStrategy=[{"type": "spread", "field": "instanceId"}],
        networkConfiguration=awsvpc,
        healthCheckGracePeriodSeconds=30,
        schedulingStrategy="REPLICA",
        enableECSManagedTags=True,
        propagateTags="SERVICE",
        enableExecuteCommand=True,
        tags=OWNER,
    )
    # It is to run nothing.
    ecs.create_service(
        cluster="shop", serviceName="idle", taskDefinition="batch", desiredCount=0
    )
    ecs.create_service(
        cluster="shop",
        serviceName="sets",
        desiredCount=1,
        deploymentController={"type": "EXTERNAL"},
        launchType="EC2",
    )
    ecs.create_task_set(
        cluster="shop",
        service="sets",
        taskDefinition="batch",
        externalId="a",
        networkConfiguration=awsvpc,
        loadBalancers=[
            {
                "targetGroupArn": target_group,
                "containerName": "web",
                "containerPort": 80,
            }
        ],
        serviceRegistries=[{"registryArn": "arn:aws:servicediscovery:x"}],
        launchType="EC2",
        platformVersion="LATEST",
        scale={"value": 100, "unit": "PERCENT"},
    )


def seed_tasks(client, role, instance, awsvpc):
    ecs = client("ecs")
    ecs.start_task(
        cluster="shop",
        taskDefinition="batch",
        containerInstances=[instance],
        overrides={
            "containerOverrides": [
                {
                    "name": "web",
                    "command": ["serve"],
                    "environment": [{"name": "TOKEN", "value": "very-secret"}],
                    "environmentFiles": [
                        {"value": "arn:aws:s3:::x/y", "type": "s3"}
                    ],
                    "cpu": 1,
                    "memory": 1,
                    "memoryReservation": 1,
                    "resourceRequirements": [{"value": "1", "type": "GPU"}],
                }
            ],
            "cpu": "256",
            "memory": "512",
            "inferenceAcceleratorOverrides": [
                {"deviceName": "a", "deviceType": "eia2.medium"}
            ],
            "executionRoleArn": role,
            "taskRoleArn": role,
            "ephemeralStorage": {"sizeInGiB": 30},
        },
        startedBy="lukas",
        tags=OWNER,
    )
    ecs.run_task(
        cluster="shop",
        taskDefinition="web",
        count=1,
        launchType="FARGATE",
        networkConfiguration=awsvpc,
    )


def seed(client, account, region):
    network = make_network(client, region, "10.9.0.0/16")
    vpc, subnets, _ = network
    # Interfaces of tasks have names in DNS.
    client("ec2").modify_vpc_attribute(VpcId=vpc, EnableDnsHostnames={"Value": True})
    role = make_role(client, "runs-tasks", region)
    bucket = make_bucket(client, f"exec-{account}-{region}", region)
    client("ecs").create_capacity_provider(
        name="nodes",
        autoScalingGroupProvider={
            "autoScalingGroupArn": make_group(client, subnets),
            "managedScaling": {
                "status": "ENABLED",
                "targetCapacity": 80,
                "minimumScalingStepSize": 1,
                "maximumScalingStepSize": 2,
                "instanceWarmupPeriod": 60,
            },
            "managedTerminationProtection": "DISABLED",
        },
        tags=OWNER,
    )
    seed_cluster(client, account, region, bucket)
    seed_definitions(client, account, region, role)
    instance = make_instance(client, subnets[0])
    registered = register_instance(client, account, region, instance)
    seed_services(
        client, account, region, role, network, make_target_group(client, vpc)
    )
    seed_tasks(client, role, registered, awsvpc_of(network))


def tags_of(item):
    return {tag["key"]: tag["value"] for tag in item.get("tags") or []}


def name_of(arn):
    return arn.rsplit("/", 1)[-1]


def found(client, account, region):
    ecs = client("ecs")
    kinds = {
        "aws_ecs_task_definition": {
            name_of(arn): tags_of(
                ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
            )
            for arn in pages(ecs, "list_task_definitions", "taskDefinitionArns")
        },
        "aws_ecs_cluster": {},
        "aws_ecs_service": {},
        "aws_ecs_task": {},
        "aws_ecs_container_instance": {},
    }
    for cluster in pages(ecs, "list_clusters", "clusterArns"):
        one = ecs.describe_clusters(clusters=[cluster], include=["TAGS"])
        kinds["aws_ecs_cluster"][name_of(cluster)] = tags_of(one["clusters"][0])
        for kind, listing, arns, describe, members, member in [
            (
                "aws_ecs_service",
                "list_services",
                "serviceArns",
                ecs.describe_services,
                "services",
                "serviceArn",
            ),
            (
                "aws_ecs_task",
                "list_tasks",
                "taskArns",
                ecs.describe_tasks,
                "tasks",
                "taskArn",
            ),
            (
                "aws_ecs_container_instance",
                "list_container_instances",
                "containerInstanceArns",
                ecs.describe_container_instances,
                "containerInstances",
                "containerInstanceArn",
            ),
        ]:
            for arn in pages(ecs, listing, arns, cluster=cluster):
                shown = describe(
                    **{"cluster": cluster, members: [arn], "include": ["TAGS"]}
                )[members][0]
                id = name_of(shown[member])
                if kind == "aws_ecs_service":
                    id = f"{name_of(cluster)}/{id}"
                kinds[kind][id] = tags_of(shown)
    return kinds
