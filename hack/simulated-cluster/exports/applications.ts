// How the applications in simulated containers behave: by variables of their pod templates.
export {
  APPLICATION_VARIABLES,
  type Application,
  applicationOf,
  type Exit,
  isUnhealthyAt,
  terminationOf,
} from "../kubelet/application.ts";
export { metricsOf, type UserTraffic } from "../kubelet/user-traffic.ts";
