import type { ResourceDeclaration } from "../../declaration.ts";
import {
  flag,
  object,
  tags,
  text,
  texts,
  time,
  valueKind,
} from "../../property.ts";
import { cloudfrontList } from "./cloudfront_list.ts";
import { CLOUDFRONT_TAGGING } from "./cloudfront_tagging.ts";
import { CLOUDFRONT_TAGS } from "./cloudfront_tags.ts";

const s3Origin = valueKind("aws_cloudfront_s3_origin", {
  domain_name: text("DomainName"),
  origin_access_identity: text("OriginAccessIdentity"),
});

/** A distribution of streams: AWS makes no new ones. */
export const STREAMING_DISTRIBUTION: ResourceDeclaration = {
  kind: "aws_cloudfront_streaming_distribution",
  description: "A distribution of streams, of the old kind (CloudFront)",
  categories: ["networking"],
  place: "global",
  list: cloudfrontList(
    "ListStreamingDistributions",
    "StreamingDistributionList",
  ),
  details: [CLOUDFRONT_TAGS],
  id: "Id",
  properties: {
    tags: tags("$tags.Tags.Items"),
    mtime: time("LastModifiedTime"),
    arn: text("ARN"),
    streaming_distribution_status: text("Status"),
    streaming_distribution_domain_name: text("DomainName"),
    streaming_distribution_s3_origin: object("S3Origin", s3Origin),
    streaming_distribution_aliases: texts("Aliases.Items[*]"),
    streaming_distribution_trusted_signers: texts("TrustedSigners.Items[*]"),
    streaming_distribution_comment: text("Comment"),
    streaming_distribution_price_class: text("PriceClass"),
    streaming_distribution_enabled: flag("Enabled"),
  },
  tagging: CLOUDFRONT_TAGGING,
};
