import { EFS_RESOURCES } from "../../../plugins/aws/resources/efs/mod.ts";
import { kindsSuite } from "../../helpers/moto/kinds_suite.ts";

await kindsSuite({ module: "efs", resources: EFS_RESOURCES });
