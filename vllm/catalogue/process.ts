/** The process of the API server, from Python's client. All absent with `--api-server-count` above 1. */
import { counter, gauge, info } from "../metric.ts";

export const processMetrics = {
  processCpu: counter("process_cpu_seconds", {
    unit: "seconds",
    help: "Total user and system CPU time spent in seconds.",
    labels: {},
  }),
  processResidentMemory: gauge("process_resident_memory_bytes", {
    unit: "bytes",
    help: "Resident memory size in bytes.",
    labels: {},
  }),
  processVirtualMemory: gauge("process_virtual_memory_bytes", {
    unit: "bytes",
    help: "Virtual memory size in bytes.",
    labels: {},
  }),
  processStartTime: gauge("process_start_time_seconds", {
    unit: "unix time",
    help: "Start time of the process since unix epoch in seconds.",
    labels: {},
  }),
  processOpenFiles: gauge("process_open_fds", {
    unit: "none",
    help: "Number of open file descriptors.",
    labels: {},
  }),
  processMaxFiles: gauge("process_max_fds", {
    unit: "none",
    help: "Maximum number of open file descriptors.",
    labels: {},
  }),
  pythonObjectsCollected: counter("python_gc_objects_collected", {
    unit: "none",
    help: "Objects collected during gc",
    labels: { generation: ["0", "1", "2"] },
  }),
  pythonObjectsUncollectable: counter("python_gc_objects_uncollectable", {
    unit: "none",
    help: "Uncollectable objects found during GC",
    labels: { generation: ["0", "1", "2"] },
  }),
  pythonCollections: counter("python_gc_collections", {
    unit: "none",
    help: "Number of times this generation was collected",
    labels: { generation: ["0", "1", "2"] },
  }),
  pythonVersion: info("python_info", {
    help: "Python platform information",
    labels: {
      implementation: "any",
      major: "any",
      minor: "any",
      patchlevel: "any",
      version: "any",
    },
  }),
};
