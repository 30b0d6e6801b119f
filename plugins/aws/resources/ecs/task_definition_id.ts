/** Family and revision of a task definition, such as `web:7`, by its ARN. */
export function taskDefinitionId(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
