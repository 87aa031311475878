/**
 * NVIDIA's dcgm-exporter, according to its `etc/default-counters.csv`; its counters do not end in `_total`.
 */
import { counter, gauge } from "../metric.ts";

const perGpu = {
  gpu: "any",
  UUID: "any",
  pci_bus_id: "any",
  device: "any",
  modelName: "any",
  Hostname: "any",
  DCGM_FI_DRIVER_VERSION: "any",
} as const;

export const dcgmMetrics = {
  gpuUtilization: gauge("DCGM_FI_DEV_GPU_UTIL", {
    unit: "percent",
    help: "GPU utilization (in %).",
    labels: perGpu,
  }),
  gpuMemoryCopyUtilization: gauge("DCGM_FI_DEV_MEM_COPY_UTIL", {
    unit: "percent",
    help: "Memory utilization (in %).",
    labels: perGpu,
  }),
  gpuMemoryUsed: gauge("DCGM_FI_DEV_FB_USED", {
    unit: "mebibytes",
    help: "Framebuffer memory used (in MiB).",
    labels: perGpu,
  }),
  gpuMemoryFree: gauge("DCGM_FI_DEV_FB_FREE", {
    unit: "mebibytes",
    help: "Framebuffer memory free (in MiB).",
    labels: perGpu,
  }),
  gpuTemperature: gauge("DCGM_FI_DEV_GPU_TEMP", {
    unit: "celsius",
    help: "GPU temperature (in C).",
    labels: perGpu,
  }),
  gpuMemoryTemperature: gauge("DCGM_FI_DEV_MEMORY_TEMP", {
    unit: "celsius",
    help: "Memory temperature (in C).",
    labels: perGpu,
  }),
  gpuPower: gauge("DCGM_FI_DEV_POWER_USAGE", {
    unit: "watts",
    help: "Power draw (in W).",
    labels: perGpu,
  }),
  gpuEnergy: counter("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", {
    unit: "millijoules",
    help: "Total energy consumption since boot (in mJ).",
    labels: perGpu,
    bare: true,
  }),
  gpuClock: gauge("DCGM_FI_DEV_SM_CLOCK", {
    unit: "megahertz",
    help: "SM clock frequency (in MHz).",
    labels: perGpu,
  }),
  gpuMemoryClock: gauge("DCGM_FI_DEV_MEM_CLOCK", {
    unit: "megahertz",
    help: "Memory clock frequency (in MHz).",
    labels: perGpu,
  }),
  gpuXid: gauge("DCGM_FI_DEV_XID_ERRORS", {
    unit: "none",
    help: "Value of the last XID error encountered.",
    labels: { ...perGpu, err_code: "any", err_msg: "any" },
  }),
  gpuPcieReplays: counter("DCGM_FI_DEV_PCIE_REPLAY_COUNTER", {
    unit: "none",
    help: "Total number of PCIe retries.",
    labels: perGpu,
    bare: true,
  }),
  gpuNvlinkBandwidth: counter("DCGM_FI_DEV_NVLINK_BANDWIDTH_TOTAL", {
    unit: "none",
    help: "Total number of NVLink bandwidth counters for all lanes.",
    labels: perGpu,
    bare: true,
  }),
  gpuUncorrectableRows: counter("DCGM_FI_DEV_UNCORRECTABLE_REMAPPED_ROWS", {
    unit: "none",
    help: "Number of remapped rows for uncorrectable errors.",
    labels: perGpu,
    bare: true,
  }),
  gpuRowRemapFailure: gauge("DCGM_FI_DEV_ROW_REMAP_FAILURE", {
    unit: "none",
    help: "Whether remapping of rows has failed.",
    labels: perGpu,
  }),
  // Nanoseconds in all releases; the exporter's own text said "us" before NVIDIA/dcgm-exporter#589.
  gpuPowerThrottling: counter("DCGM_FI_DEV_POWER_VIOLATION", {
    unit: "none",
    help: "Throttling duration due to power constraints (in ns). Off by default.",
    labels: perGpu,
    bare: true,
  }),
  gpuThermalThrottling: counter("DCGM_FI_DEV_THERMAL_VIOLATION", {
    unit: "none",
    help: "Throttling duration due to thermal constraints (in ns). Off by default.",
    labels: perGpu,
    bare: true,
  }),
  gpuGraphicsActive: gauge("DCGM_FI_PROF_GR_ENGINE_ACTIVE", {
    unit: "ratio",
    help: "Ratio of time the graphics engine is active. Data-centre GPUs only.",
    labels: perGpu,
  }),
  gpuTensorActive: gauge("DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", {
    unit: "ratio",
    help: "Ratio of cycles the tensor (HMMA) pipe is active. Data-centre GPUs only.",
    labels: perGpu,
  }),
  gpuDramActive: gauge("DCGM_FI_PROF_DRAM_ACTIVE", {
    unit: "ratio",
    help: "Ratio of cycles the device memory interface is active sending or receiving data. Data-centre GPUs only.",
    labels: perGpu,
  }),
};
