/** The name of a log group by its ARN, which may name streams as well. */
export function logGroupOfArn(arn: string): string | undefined {
  return /:log-group:([^:]+)/.exec(arn)?.[1];
}
