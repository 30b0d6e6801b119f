import type { CommandHelp } from "@skymap/lib/plugin";

/** What `help aws` says. */
export const AWS_HELP: CommandHelp = {
  brief: "Calls an operation of AWS, once for each resource that comes",
  words: "SERVICE OPERATION [--parameter value …]",
  description:
    `Services, operations and parameters are named as in the AWS CLI, and go to AWS
through its SDK: nothing is ever a line of a shell. A call goes to the account and
region of the resource; --account ID and --region ID say where it goes without
one, or in place of that.

{id} is the value of a property of the resource, {/ancestors.account.reported.name}
one from anywhere in it, {{ and }} are braces. Values are texts, numbers, true, JSON,
or Key=owner,Value=lukas; several words are a list. All calls are read before the
first one is made. When one fails the others are made all the same, and the line
fails at its end.`,
  examples: [
    {
      line:
        "search is(aws_ec2_instance) and tags.env = test | aws ec2 stop-instances --instance-ids {id}",
      says: "Stops instances, each in its account and region",
    },
    {
      line:
        "search is(aws_ec2_volume) | aws ec2 describe-volumes --volume-ids {id} | jq .Volumes[0].State",
      says: "Shows the state of volumes as AWS has it now",
    },
    {
      line:
        "aws --account 123456789012 --region eu-west-1 sts get-caller-identity",
      says: "Calls without a resource",
    },
  ],
};
