export { type Clock, SYSTEM_CLOCK } from "@skymap/lib/clock";
