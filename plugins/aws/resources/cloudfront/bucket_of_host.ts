/** The bucket that a host name of S3 stands for; undefined for other hosts. */
export function bucketOfHost(host: string): string | undefined {
  return /^(.+)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com(?:\.cn)?$/.exec(host)
    ?.[1];
}
