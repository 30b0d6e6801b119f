import { ATHENA_RESOURCES } from "../../../plugins/aws/resources/athena/mod.ts";
import { kindsSuite } from "../../helpers/moto/kinds_suite.ts";

await kindsSuite({ module: "athena", resources: ATHENA_RESOURCES });
