"""Groups of instances: full, empty, and of several types."""

from services.elb import LISTENERS, make_instances, make_network
from services.elbv2 import make_targets
from services.listing import pages


def make_template(ec2, image):
    return ec2.create_launch_template(
        LaunchTemplateName="worker",
        LaunchTemplateData={"ImageId": image, "InstanceType": "t3.micro"},
    )["LaunchTemplate"]["LaunchTemplateId"]


def requirements():
    both = {"Min": 1, "Max": 2}
    return {
        "VCpuCount": both,
        "MemoryMiB": both,
        "CpuManufacturers": ["intel"],
        "MemoryGiBPerVCpu": both,
        "ExcludedInstanceTypes": ["t2.micro"],
        "InstanceGenerations": ["current"],
        "SpotMaxPricePercentageOverLowestPrice": 10,
        "OnDemandMaxPricePercentageOverLowestPrice": 20,
        "BareMetal": "excluded",
        "BurstablePerformance": "included",
        "RequireHibernateSupport": False,
        "NetworkInterfaceCount": both,
        "LocalStorage": "included",
        "LocalStorageTypes": ["ssd"],
        "TotalLocalStorageGB": both,
        "BaselineEbsBandwidthMbps": both,
        "AcceleratorTypes": ["gpu"],
        "AcceleratorCount": both,
        "AcceleratorManufacturers": ["nvidia"],
        "AcceleratorNames": ["t4"],
        "AcceleratorTotalMemoryMiB": both,
    }


def seed_mixed(autoscaling, template, subnet):
    specification = {"LaunchTemplateId": template, "Version": "$Latest"}
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="mixed",
        MixedInstancesPolicy={
            "LaunchTemplate": {
                "LaunchTemplateSpecification": specification,
                "Overrides": [
                    {
                        "InstanceType": "t3.micro",
                        "WeightedCapacity": "1",
                        "LaunchTemplateSpecification": specification,
                    },
                    {"InstanceRequirements": requirements()},
                ],
            },
            "InstancesDistribution": {
                "OnDemandAllocationStrategy": "prioritized",
                "OnDemandBaseCapacity": 1,
                "OnDemandPercentageAboveBaseCapacity": 50,
                "SpotAllocationStrategy": "lowest-price",
                "SpotInstancePools": 2,
                "SpotMaxPrice": "0.01",
            },
        },
        MinSize=0,
        MaxSize=2,
        DesiredCapacity=0,
        VPCZoneIdentifier=subnet,
        CapacityRebalance=True,
    )


def seed(client, account, region):
    ec2, autoscaling = client("ec2"), client("autoscaling")
    vpc, subnets, group = make_network(ec2, region, "10.40.0.0/16")
    make_instances(ec2, subnets[0], group, 1)
    [image] = [one["ImageId"] for one in ec2.describe_images(Owners=["self"])["Images"]]
    template = make_template(ec2, image)
    targets = make_targets(client("elbv2"), vpc, "workers", TargetType="instance")
    client("elb").create_load_balancer(
        LoadBalancerName="workers", Listeners=LISTENERS[:1], Subnets=[subnets[0]]
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="workers",
        LaunchTemplate={"LaunchTemplateId": template, "Version": "$Latest"},
        MinSize=1,
        MaxSize=4,
        DesiredCapacity=2,
        DefaultCooldown=60,
        VPCZoneIdentifier=",".join(subnets),
        TargetGroupARNs=[targets],
        LoadBalancerNames=["workers"],
        HealthCheckType="ELB",
        HealthCheckGracePeriod=60,
        PlacementGroup="spread",
        TerminationPolicies=["OldestInstance"],
        ServiceLinkedRoleARN=f"arn:aws:iam::{account}:role/aws-service-role/scaling",
        MaxInstanceLifetime=86400,
        Context="x",
        DesiredCapacityType="units",
        DefaultInstanceWarmup=60,
        Tags=[
            {
                "ResourceId": "workers",
                "ResourceType": "auto-scaling-group",
                "Key": "owner",
                "Value": "lukas",
                "PropagateAtLaunch": False,
            }
        ],
    )
    autoscaling.suspend_processes(
        AutoScalingGroupName="workers", ScalingProcesses=["AZRebalance"]
    )
    autoscaling.enable_metrics_collection(
        AutoScalingGroupName="workers", Granularity="1Minute", Metrics=["GroupMinSize"]
    )
    autoscaling.put_warm_pool(
        AutoScalingGroupName="workers",
        MaxGroupPreparedCapacity=3,
        MinSize=1,
        PoolState="Stopped",
        InstanceReusePolicy={"ReuseOnScaleIn": True},
    )
    autoscaling.create_launch_configuration(
        LaunchConfigurationName="old", ImageId=image, InstanceType="t3.micro"
    )
    autoscaling.create_auto_scaling_group(
        AutoScalingGroupName="empty",
        LaunchConfigurationName="old",
        MinSize=0,
        MaxSize=1,
        DesiredCapacity=0,
        AvailabilityZones=[f"{region}a"],
    )
    seed_mixed(autoscaling, template, subnets[0])


def found(client, account, region):
    return {
        "aws_autoscaling_group": {
            one["AutoScalingGroupName"]: {
                tag["Key"]: tag["Value"] for tag in one["Tags"]
            }
            for one in pages(
                client("autoscaling"),
                "describe_auto_scaling_groups",
                "AutoScalingGroups",
            )
        }
    }
