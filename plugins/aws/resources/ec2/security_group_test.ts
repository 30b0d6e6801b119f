import { deepStrictEqual } from "node:assert/strict";
import { rulesOnOthers } from "./security_group.ts";

Deno.test("rulesOnOthers() keeps only what names other groups", () => {
  const rules = [
    { IpProtocol: "tcp", FromPort: 22, ToPort: 22, IpRanges: [{}] },
    { IpProtocol: "-1", UserIdGroupPairs: [{ GroupId: "sg-self" }] },
    {
      IpProtocol: "tcp",
      FromPort: 0,
      ToPort: 80,
      IpRanges: [{ CidrIp: "10.0.0.0/8" }],
      UserIdGroupPairs: [
        { GroupId: "sg-self" },
        { GroupId: "sg-web", UserId: "111111111111", Description: "web" },
      ],
    },
  ];
  deepStrictEqual(rulesOnOthers(rules, "sg-self"), [{
    IpProtocol: "tcp",
    FromPort: 0,
    ToPort: 80,
    UserIdGroupPairs: [{ GroupId: "sg-web", UserId: "111111111111" }],
  }]);
});
