/** Speculative decoding, and the same counters under the names of diffusion models. */
import { counter, perEngine } from "../metric.ts";

export const speculativeMetrics = {
  drafts: counter("vllm:spec_decode_num_drafts", {
    unit: "none",
    help: "Number of spec decoding drafts.",
    labels: perEngine,
    enabledBy: "--speculative-config",
    since: "0.8",
  }),
  draftTokens: counter("vllm:spec_decode_num_draft_tokens", {
    unit: "tokens",
    help: "Number of draft tokens.",
    labels: perEngine,
    enabledBy: "--speculative-config",
    since: "0.8",
  }),
  acceptedTokens: counter("vllm:spec_decode_num_accepted_tokens", {
    unit: "tokens",
    help: "Number of accepted tokens.",
    labels: perEngine,
    enabledBy: "--speculative-config",
    since: "0.8",
  }),
  acceptedTokensByPosition: counter("vllm:spec_decode_num_accepted_tokens_per_pos", {
    unit: "tokens",
    help: "Accepted tokens per draft position.",
    labels: { ...perEngine, position: "any" },
    enabledBy: "--speculative-config",
    since: "0.8",
  }),
  denoisingSteps: counter("vllm:diffusion_num_denoising_steps", {
    unit: "none",
    help: "Number of denoising steps.",
    labels: perEngine,
    enabledBy: "a diffusion model",
    since: "0.28",
  }),
  canvasPositions: counter("vllm:diffusion_num_canvas_positions", {
    unit: "none",
    help: "Number of canvas positions evaluated.",
    labels: perEngine,
    enabledBy: "a diffusion model",
    since: "0.28",
  }),
  committedTokens: counter("vllm:diffusion_num_committed_tokens", {
    unit: "tokens",
    help: "Number of committed (finalized) tokens.",
    labels: perEngine,
    enabledBy: "a diffusion model",
    since: "0.28",
  }),
};
