/**
 * Searches as people write them, and the canonical form of each.
 *
 * @module
 */

/** A search, its canonical form or undefined when it must be refused. */
export interface Example {
  /** As it is written. */
  readonly text: string;
  /** As it is printed. */
  readonly canonical: string | undefined;
}

/** Every form of the language at least once. */
export const EXAMPLES: readonly Example[] = [
  {
    text: "all",
    canonical: "all",
  },
  {
    text: "is(volume)",
    canonical: 'is("volume")',
  },
  {
    text: "is(volume, instance)",
    canonical: 'is(["volume", "instance"])',
  },
  {
    text: "id(a,b,c)",
    canonical: 'id(["a", "b", "c"])',
  },
  {
    text: '"some text"',
    canonical: '"some text"',
  },
  {
    text: '"foo" and test>3',
    canonical: '("foo" and test > 3)',
  },
  {
    text: '"a" and "b" or "c" and "d"',
    canonical: '((("a" and "b") or "c") and "d")',
  },
  {
    text: "not a==b and b==c",
    canonical: '(not(a == "b") and b == "c")',
  },
  {
    text: "not(is(a) or not is(b) and not a>1)",
    canonical: 'not(((is("a") or not(is("b"))) and not(a > 1)))',
  },
  {
    text: "mem < 23",
    canonical: "mem < 23",
  },
  {
    text: 'simple =~ "^some.regex[a-d]+$"',
    canonical: 'simple =~ "^some.regex[a-d]+$"',
  },
  {
    text: 'simple !~ "^x"',
    canonical: 'simple !~ "^x"',
  },
  {
    text: "num in [1, 2, 5]",
    canonical: "num in [1, 2, 5]",
  },
  {
    text: "num not in [1, 2, 5]",
    canonical: "num not in [1, 2, 5]",
  },
  {
    text: 'name in [12, true, false, "test"]',
    canonical: 'name in [12, true, false, "test"]',
  },
  {
    text: "name==null",
    canonical: "name == null",
  },
  {
    text: "mem any < 23",
    canonical: "mem any < 23",
  },
  {
    text: "mem all >= 23",
    canonical: "mem all >= 23",
  },
  {
    text: 'mem none =~ "foo.*"',
    canonical: 'mem none =~ "foo.*"',
  },
  {
    text: "num any in [1, 2, 5]",
    canonical: "num any in [1, 2, 5]",
  },
  {
    text: "c == {a: 123}",
    canonical: 'c == {"a": 123}',
  },
  {
    text: "test_date < 2021-12-09",
    canonical: 'test_date < "2021-12-09"',
  },
  {
    text: "a.b[*].{ c<1 and d>2 }",
    canonical: "a.b[*].{(c < 1 and d > 2)}",
  },
  {
    text: "core.{core > 2 and inner.{c any < 23}}",
    canonical: "core.{(core > 2 and inner.{c any < 23})}",
  },
  {
    text: "name[*].foo[*].bla=12",
    canonical: "name[*].foo[*].bla == 12",
  },
  {
    text: "foo.bla.`:-)`.bar == 2",
    canonical: "foo.bla.`:-)`.bar == 2",
  },
  {
    text: 'in_subnet(ip, "1.2.3.4/32")',
    canonical: 'in_subnet(ip, "1.2.3.4/32")',
  },
  {
    text: "has_key(tags, owner)",
    canonical: 'has_key(tags, "owner")',
  },
  {
    text: "has_key(tags, [owner, costCenter])",
    canonical: 'has_key(tags, ["owner", "costCenter"])',
  },
  {
    text: "has_desired_change(clean)",
    canonical: "has_desired_change(clean)",
  },
  {
    text: "is(ec2) and age > 3d",
    canonical: '(is("ec2") and age > "3d")',
  },
  {
    text: "is(volume) and last_access > 7d and volume_status = available",
    canonical:
      '((is("volume") and last_access > "7d") and volume_status == "available")',
  },
  {
    text: '/metadata.expires < "2022-01-01"',
    canonical: '/metadata.expires < "2022-01-01"',
  },
  {
    text: "/desired.clean == true and /metadata.cleaned != true",
    canonical: "(/desired.clean == true and /metadata.cleaned != true)",
  },
  {
    text: "/metadata.protected == true",
    canonical: "/metadata.protected == true",
  },
  {
    text:
      "/security.has_issues == true and /security.severity in [high, critical]",
    canonical:
      '(/security.has_issues == true and /security.severity in ["high", "critical"])',
  },
  {
    text: "account=dev and region=eu-central-1 and zone=a",
    canonical:
      '((account == "dev" and region == "eu-central-1") and zone == "a")',
  },
  {
    text: "cloud.id=aws",
    canonical: 'cloud.id == "aws"',
  },
  {
    text: "/ancestors.account.reported.name==prod",
    canonical: '/ancestors.account.reported.name == "prod"',
  },
  {
    text: "is(bla) and /ancestors.foo.reported.name=test",
    canonical: '(is("bla") and /ancestors.foo.reported.name == "test")',
  },
  {
    text: "is(volume) and /descendants.instance.reported.name=web",
    canonical:
      '(is("volume") and /descendants.instance.reported.name == "web")',
  },
  {
    text: "usage.cpu.max>3 and a<1",
    canonical: "(usage.cpu.max > 3 and a < 1)",
  },
  {
    text: "with_usage(3w, cpu, mem) is(foo)",
    canonical: 'with_usage(21d, [cpu,mem]) is("foo")',
  },
  {
    text: "with_usage(2w::1w, [a,b,c])",
    canonical: "with_usage(14d::7d, [a,b,c]) all",
  },
  {
    text: "with_usage(2023-06-10T12:23:21Z::1w, [a,b,c])",
    canonical: "with_usage(2023-06-10T12:23:21Z::7d, [a,b,c]) all",
  },
  {
    text: "is(aws_account) -->",
    canonical: 'is("aws_account") -default->',
  },
  {
    text: "is(instance) <--",
    canonical: 'is("instance") <-default-',
  },
  {
    text: "is(instance) <-->",
    canonical: 'is("instance") <-default->',
  },
  {
    text: "is(account) -[0:]->",
    canonical: 'is("account") -default[0:]->',
  },
  {
    text: "is(account) -[2]-> is(volume)",
    canonical: 'is("account") -default[2]-> is("volume")',
  },
  {
    text: 'id("root") -[0:1]->',
    canonical: 'id("root") -default[0:1]->',
  },
  {
    text: '(edge_type=delete): id("root") -[0:1]->',
    canonical: 'id("root") -delete[0:1]->',
  },
  {
    text: "is(volume) <-delete[1:]- is(instance)",
    canonical: 'is("volume") <-delete[1:]- is("instance")',
  },
  {
    text: "is(a) -default,delete[0:]-> is(b)",
    canonical: 'is("a") -delete,default[0:]-> is("b")',
  },
  {
    text: "is(volume) <-default[1:2]delete-> is(b)",
    canonical: 'is("volume") <-default[1:2]delete-> is("b")',
  },
  {
    text:
      "is(principal) -iam{permissions[*].{level=read and scope[*].source=resource}}-> is(resource)",
    canonical:
      'is("principal") -iam{permissions[*].{(level == "read" and scope[*].source == "resource")}}-> is("resource")',
  },
  {
    text: "test == true --> is(boo) --> is(bar) and is(foo)",
    canonical:
      'test == true -default-> is("boo") -default-> (is("bar") and is("foo"))',
  },
  {
    text: "is(aws_vpc) with(empty, -delete-> is(instance))",
    canonical: 'is("aws_vpc") with(empty, -delete-> is("instance"))',
  },
  {
    text:
      "with(empty, -delete-> foo == bla and test > 23 with(any, -delete->))",
    canonical:
      'all with(empty, -delete-> (foo == "bla" and test > 23) with(any, -delete->))',
  },
  {
    text: "is(aws_alb) with(count > 2, <-- is(subnet))",
    canonical: 'is("aws_alb") with(count>2, <-default- is("subnet"))',
  },
  {
    text: "is(aws_alb_target_group) with(empty, <-delete[1:]- is(instance))",
    canonical:
      'is("aws_alb_target_group") with(empty, <-delete[1:]- is("instance"))',
  },
  {
    text: "name==test {foo: --> is(foo)} foo.test=3",
    canonical: 'name == "test" {foo: all -default-> is("foo")} foo.test == 3',
  },
  {
    text: "is(instance) {vols[]: --> is(volume)}",
    canonical: 'is("instance") {vols[]: all -default-> is("volume")}',
  },
  {
    text: "is(volume) {sum: aggregate(count(volume)): <-- all}",
    canonical:
      'is("volume") {sum[]: aggregate(count(volume)):all <-default- all}',
  },
  {
    text: '("test" or "fest") and (p>1 or p<2) {a: <-- is(foo)} not(a>23)',
    canonical:
      '(("test" or "fest") and (p > 1 or p < 2)) {a: all <-default- is("foo")} not(a > 23)',
  },
  {
    text: "is(volume) sort volume_size desc limit 10",
    canonical: 'is("volume") sort volume_size desc limit 10',
  },
  {
    text: "sort foo asc, bla desc, bar",
    canonical: "all sort foo asc, bla desc, bar asc",
  },
  {
    text: "all limit 3, 23",
    canonical: "all limit 3, 23",
  },
  {
    text: "all sort kind desc limit 1 reversed -default-> all sort kind asc",
    canonical:
      "all sort kind desc limit 1 reversed  -default-> all sort kind asc",
  },
  {
    text: "is(instance) #red --> is(volume)",
    canonical: 'is("instance")#red -default-> is("volume")',
  },
  {
    text:
      "aggregate(region: sum(cpu) as cpus, count(id) as instances): is(instance)",
    canonical:
      'aggregate(region: sum(cpu) as cpus, count(id) as instances):is("instance")',
  },
  {
    text: "aggregate(count(id) as length): all",
    canonical: "aggregate(count(id) as length):all",
  },
  {
    text:
      "aggregate(sum(volume_size*/ancestors.volume_type.reported.ondemand_cost / /reported.volume_iops - 1)): all",
    canonical:
      "aggregate(sum(volume_size * /ancestors.volume_type.reported.ondemand_cost / /reported.volume_iops - 1)):all",
  },
  {
    text: "aggregate(kind: sum(1) as count): all",
    canonical: "aggregate(kind: sum(1) as count):all",
  },
  {
    text:
      'aggregate("some_{foo}_{bla}_test" as foo_bar: sum(bla * 1024.12 + 1) as bar): all',
    canonical:
      'aggregate("some_{foo}_{bla}_test" as foo_bar: sum(bla * 1024.12 + 1) as bar):all',
  },
  {
    text: 'aggregate(region: sum(cpu))(edge_type=delete): id("root") -[0:1]->',
    canonical: 'aggregate(region: sum(cpu)):id("root") -delete[0:1]->',
  },
  {
    text:
      "aggregate(tags.owner as owner: min(age), max(age), avg(volume_size), stddev(volume_size), variance(volume_size)): is(volume)",
    canonical:
      'aggregate(tags.owner as owner: min(age), max(age), avg(volume_size), stddev(volume_size), variance(volume_size)):is("volume")',
  },
  {
    text:
      "aggregate(/ancestors.cloud.reported.name as cloud, /ancestors.account.reported.name as account, instance_type as type : sum(instance_cores) as cores): is(instance) and instance_status = running",
    canonical:
      'aggregate(/ancestors.cloud.reported.name as cloud, /ancestors.account.reported.name as account, instance_type as type: sum(instance_cores) as cores):(is("instance") and instance_status == "running")',
  },
  {
    text: "aggregate(group_memberships[*].name as g: sum(1) as c): all",
    canonical: "aggregate(group_memberships[*].name as g: sum(1) as c):all",
  },
  {
    text: "is(instance) and sort instance_cores",
    canonical: undefined,
  },
  {
    text: "foo bla bar",
    canonical: undefined,
  },
  {
    text: "is(a) is(b)",
    canonical: undefined,
  },
  {
    text: '(is(a) or is(b)) and not (c = 1 or d = 2) and tags.Name =~ "web-.*"',
    canonical:
      '(((is("a") or is("b")) and not((c == 1 or d == 2))) and tags.Name =~ "web-.*")',
  },
  {
    text: "expires_at < -3d",
    canonical: 'expires_at < "-3d"',
  },
  {
    text: 'instance_status == "stopped" and (ctime < @NOW@)',
    canonical: undefined,
  },
];
