/** The fleet that a stack with `demo: true` shows. */
import type { FleetOptions } from "./fleet.ts";

/** Port of each server. */
export const DEMO_PORTS = { "llama-a": 8000, "llama-b": 8001, "qwen-a": 8002, "qwen-b": 8003 };

/** Answers inside the container once all servers can be scraped. */
export const DEMO_READY = `http://127.0.0.1:${DEMO_PORTS["llama-a"]}/-/ready`;

/** Simulated seconds that have passed when the demo starts, so that viewers see the load grow. */
export const DEMO_PAST = 1500;

/**
 * Two models on two servers each; calm and busy quarters of an hour alternate. Every hour
 * `llama-b` is redeployed while `llama-a` takes its load; `qwen-b` is too small for busy times.
 * The llama servers offload blocks to the host when their caches have no room.
 */
export const demoFleet = {
  seed: 26,
  remember: 0,
  servers: [
    {
      name: "llama-a",
      model: "llama-3.1-8b-instruct",
      workload: {
        ...{ rate: 2.4, swell: { share: 0.7, period: 1800 }, images: 0.05, errors: 0.001 },
        prefixes: { count: 24, tokens: 512, share: 0.6 },
      },
      version: "0.33",
      engine: {
        ...{ blocks: 3500, kvCacheMetrics: true, parameters: 8e9 },
        ...{ connectors: ["offloading"], externalHits: 0.7 },
      },
      changes: [
        { at: 1680, every: 3600, do: "load", factor: 1.7 },
        { at: 1770, every: 3600, do: "load", factor: 1 },
      ],
    },
    {
      name: "llama-b",
      model: "llama-3.1-8b-instruct",
      workload: {
        ...{ rate: 2.2, swell: { share: 0.7, period: 1800 }, images: 0.05, errors: 0.001 },
        prefixes: { count: 24, tokens: 512, share: 0.6 },
      },
      version: "0.33",
      engine: {
        ...{ blocks: 3500, kvCacheMetrics: true, parameters: 8e9 },
        ...{ connectors: ["offloading"], externalHits: 0.7 },
      },
      changes: [
        { at: 1680, every: 3600, do: "load", factor: 0 },
        { at: 1695, every: 3600, do: "restart", seconds: 60 },
        { at: 1770, every: 3600, do: "load", factor: 1 },
      ],
    },
    {
      name: "qwen-a",
      model: "qwen2.5-coder-32b",
      workload: {
        ...{ rate: 1.4, swell: { share: 0.7, period: 1800 }, disconnects: 0.05 },
        prompt: { median: 900, spread: 0.7 },
        output: { median: 220, spread: 0.6 },
      },
      engine: {
        maxModelLen: 32_768,
        step: { base: 0.032, perRequest: 0.0006, perPrefillToken: 0.00012 },
        speculative: { tokens: 4, acceptance: 0.75 },
        lora: ["sql", "review"],
        parameters: 32e9,
      },
    },
    {
      name: "qwen-b",
      model: "qwen2.5-coder-32b",
      engines: 2,
      workload: {
        ...{ rate: 0.8, swell: { share: 0.7, period: 1800 }, errors: 0.01, patience: 45 },
        bursts: { every: 300, lasting: 20, factor: 2 },
        prompt: { median: 900, spread: 0.7 },
        output: { median: 220, spread: 0.6 },
      },
      engine: {
        ...{ maxModelLen: 8192, blocks: 900, maxRunning: 12, parameters: 32e9 },
        step: { base: 0.032, perRequest: 0.0006, perPrefillToken: 0.00012 },
      },
    },
  ],
} satisfies FleetOptions;
