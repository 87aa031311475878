/** Targets of a click on a line, shared by several dashboards. */
import type { DrillDown } from "./panels/index.ts";
import { UIDS } from "./uids.ts";

export const INSTANCES_OF_MODEL: DrillDown = {
  uid: UIDS.instances,
  title: "Instances of ${__field.labels.model_name}",
  label: "model_name",
};

export const INSTANCE_ALONE: DrillDown = {
  uid: UIDS.instances,
  title: "${__field.labels.instance} alone",
  label: "instance",
};
