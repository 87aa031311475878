/** The scenarios that can be recorded: how the server is started, and what is done to it. */
import type { Stage } from "./stage.ts";

export interface IncidentScenario {
  /** What happens, in one sentence. */
  readonly what: string;
  /** Data-parallel ranks. Default 1. */
  readonly ranks?: number;
  /** Default 1. */
  readonly apiServers?: number;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Blocks of 128 tokens in the KV cache of each rank. Default 256. */
  readonly blocks?: number;
  /** Two LoRA adapters are made, `lora-a` and `lora-b`. */
  readonly adapters?: true;
  /** The product's canary probes the server too, with its default settings. */
  readonly canary?: true;
  /** From the first scrape, when the server is ready, to the last. */
  readonly run: (stage: Stage) => Promise<void>;
}

const TWO_BY_TWO = { ranks: 2, apiServers: 2 };

/** A load that a machine with two CPUs serves without queueing. */
const STEADY = { rate: 1.5, seconds: 300 };

async function steadily(stage: Stage): Promise<void> {
  await stage.load(STEADY);
  await stage.client.settled(60);
  await stage.wait(5);
}

export const SCENARIOS: Readonly<Record<string, IncidentScenario>> = {
  "fresh-idle": {
    what: "A server has just started and gets no request for seven minutes.",
    ...TWO_BY_TWO,
    run: (stage) => stage.wait(420),
  },
  "abort-storm": {
    what: "Clients drop nine of ten streams at the first token for four minutes; then the server is idle.",
    ...TWO_BY_TWO,
    async run(stage) {
      await stage.load({ rate: 2, seconds: 210, aborted: 0.9, output: [400, 800] });
      await stage.client.settled(60);
      await stage.wait(240);
    },
  },
  "hung-rank": {
    what: "The worker of rank 0 is stopped just after load; then new requests come, and those that reach it hang. vLLM 0.32 ends the server after 300 s, 0.11 does not.",
    ...TWO_BY_TWO,
    async run(stage) {
      await stage.load({ rate: 1.5, seconds: 60 });
      await stage.client.settled(30);
      await stage.wait(5);
      stage.suspend("VLLM::EngineCore_DP0", "VLLM::Worker");
      await stage.wait(10);
      const load = stage.load({ rate: 0.2, seconds: 290 });
      await Promise.all([load, stage.ended(400)]);
      await stage.client.settled(30);
      await stage.wait(30);
    },
  },
  "hung-rank-bursts": {
    what: "The worker of rank 0 is stopped just after load; then twelve requests come at once, every half minute or so, and those that reach it hang until vLLM's own timeout of 300 s ends the server.",
    ...TWO_BY_TWO,
    async run(stage) {
      await stage.load({ rate: 1.5, seconds: 60 });
      await stage.client.settled(30);
      await stage.wait(5);
      stage.suspend("VLLM::EngineCore_DP0", "VLLM::Worker");
      await stage.wait(10);
      const load = stage.load({ rate: 0.4, burst: 12, seconds: 290 });
      await Promise.all([load, stage.ended(400)]);
      await stage.client.settled(30);
      await stage.wait(10);
    },
  },
  "hung-rank-under-load": {
    what: "The worker of rank 0 is stopped under load, which goes on; requests that reach it hang until vLLM's own timeout of 300 s ends the server.",
    ...TWO_BY_TWO,
    async run(stage) {
      // Long answers keep both ranks busy: a rank with more work than the hung one gets fewer requests.
      const load = stage.load({ rate: 2, seconds: 390, output: [200, 400] });
      await stage.wait(60);
      stage.suspend("VLLM::EngineCore_DP0", "VLLM::Worker");
      await Promise.all([load, stage.ended(400)]);
      await stage.client.settled(30);
      await stage.wait(10);
    },
  },
  "hung-engine": {
    what: "The engine core of a single engine is stopped under load, and clients wait in vain.",
    async run(stage) {
      const load = stage.load({ rate: 1, seconds: 360 });
      await stage.wait(90);
      stage.suspend("VLLM::EngineCore");
      await load;
      await stage.wait(35);
    },
  },
  "hung-engine-2-api-servers": {
    what: "The engine core of a single engine behind two API servers is stopped under load, and clients wait in vain, as does the canary.",
    apiServers: 2,
    canary: true,
    async run(stage) {
      const load = stage.load({ rate: 1, seconds: 360 });
      // Three canary probes come first. The stop comes just after a probe, which is the worst case.
      await stage.wait(92);
      stage.suspend("VLLM::EngineCore");
      await load;
      await stage.wait(35);
    },
  },
  "slow-replica": {
    what: "After a minute the engine core gets only a third of the time, so that each token takes three times as long or more.",
    async run(stage) {
      const load = stage.load({ rate: 1, seconds: 1080 });
      await stage.wait(60);
      stage.slowDown("VLLM::EngineCore", 1 / 3);
      await load;
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  "stuck-gauge": {
    what: "One of two API servers pauses while streams end. What it reports of running requests is old by then, and stays on the page of the idle ranks, which answer a few requests later.",
    ...TWO_BY_TWO,
    async run(stage) {
      await stage.load({ rate: 1.5, seconds: 60 });
      await stage.client.settled(30);
      // Some streams are short and some are long, so that streams of both API servers end alternately.
      const load = stage.load({ rate: 12, burst: 12, seconds: 3, output: [50, 400] });
      await stage.wait(3);
      stage.suspend("VLLM::APIServer_1");
      await load;
      await stage.wait(20);
      stage.resume("VLLM::APIServer_1");
      await stage.client.settled(30);
      await stage.wait(240);
      await stage.load({ rate: 0.2, seconds: 60 });
      await stage.client.settled(30);
      await stage.wait(5);
    },
  },
  "queue-limit": {
    what: "The server refuses requests beyond its limit of queued requests for two minutes, then has less to do.",
    flags: ["--max-num-seqs", "4", "--max-num-queued-reqs", "8"],
    async run(stage) {
      await stage.load({ rate: 1, seconds: 60 });
      await stage.load({ rate: 8, seconds: 120, output: [60, 120] });
      await stage.load({ rate: 1, seconds: 100 });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  "preemption-storm": {
    what: "For nine minutes the KV cache is too small for the load, so that requests are preempted.",
    blocks: 20,
    async run(stage) {
      await stage.load({ rate: 1, seconds: 60 });
      // Four at once just do not fit, however fast the machine is.
      const storm = { burst: 4, prompt: [150, 300], output: [300, 500] } as const;
      await stage.load({ rate: 1, seconds: 540, ...storm });
      await stage.client.settled(120);
      await stage.load({ rate: 1, seconds: 60 });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  "restart-idle": {
    what: "The server is restarted after a minute of load, and then gets no request for six minutes.",
    ...TWO_BY_TWO,
    async run(stage) {
      await stage.load({ rate: 1.5, seconds: 60 });
      await stage.client.settled(30);
      await stage.wait(5);
      await stage.stop();
      await stage.start();
      await stage.wait(360);
    },
  },
  sigkill: {
    what: "The server is killed under load, which goes on, and started again a minute later.",
    async run(stage) {
      const load = stage.load({ rate: 1, seconds: 360 });
      await stage.wait(90);
      await stage.kill();
      await stage.wait(60);
      await stage.start();
      await load;
      await stage.load({ rate: 1, seconds: 90 });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  rename: {
    what: "The server comes back with its model under another name, and clients ask for the new one.",
    async run(stage) {
      await stage.load({ rate: 1, seconds: 90 });
      await stage.client.settled(30);
      await stage.wait(5);
      await stage.stop();
      stage.note("rename", "tiny to tiny-v2");
      await stage.start("tiny-v2");
      await stage.load({ rate: 1, seconds: 400 });
      await stage.client.settled(30);
      await stage.wait(5);
    },
  },
  overload: {
    what: "For a minute and a half more requests come than the server can answer; the queue grows, and shrinks again once fewer come.",
    flags: ["--max-num-seqs", "1"],
    async run(stage) {
      await stage.load({ rate: 1, seconds: 60 });
      await stage.load({ rate: 3, seconds: 90, output: [200, 400] });
      await stage.load({ rate: 0.5, seconds: 120 });
      await stage.client.settled(300);
      await stage.load({ rate: 1, seconds: 90 });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  "sleep-wake": {
    what: "The engine is put to sleep for two minutes, in which a few requests come and wait; then it is woken.",
    // vLLM refuses --enable-sleep-mode on a CPU. Without it the endpoints pause the scheduler, and the
    // worker keeps its memory.
    env: { VLLM_SERVER_DEV_MODE: "1" },
    async run(stage) {
      await stage.load({ rate: 1, seconds: 60 });
      await stage.client.settled(30);
      await stage.wait(5);
      stage.note("sleep", "level 1");
      await stage.post("/sleep?level=1");
      await stage.wait(60);
      await stage.load({ rate: 0.1, seconds: 60 });
      stage.note("wake");
      await stage.post("/wake_up");
      await stage.client.settled(60);
      await stage.load({ rate: 1, seconds: 90 });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  lora: {
    what: "The model and two LoRA adapters answer a steady load in turn.",
    flags: ["--enable-lora", "--max-loras", "2", "--max-lora-rank", "8"],
    adapters: true,
    async run(stage) {
      await stage.load({ rate: 1.5, seconds: 240, models: ["tiny", "lora-a", "lora-b"] });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  speculation: {
    what: "The server guesses tokens from earlier ones (n-gram) under a steady load.",
    flags: [
      "--speculative-config",
      JSON.stringify({
        ...{ method: "ngram", num_speculative_tokens: 3 },
        ...{ prompt_lookup_max: 3, prompt_lookup_min: 1 },
      }),
    ],
    async run(stage) {
      await stage.load({ rate: 1.5, seconds: 240, repetitive: true, output: [16, 48] });
      await stage.client.settled(60);
      await stage.wait(5);
    },
  },
  steady: {
    what: "One engine behind one API server answers a steady load.",
    run: steadily,
  },
  "steady-2-api-servers": {
    what: "One engine behind two API servers answers a steady load.",
    apiServers: 2,
    run: steadily,
  },
  "steady-2-ranks": {
    what: "Two data-parallel ranks behind one API server answer a steady load.",
    ranks: 2,
    run: steadily,
  },
  "steady-2-ranks-2-api-servers": {
    what: "Two data-parallel ranks behind two API servers answer a steady load.",
    ...TWO_BY_TWO,
    run: steadily,
  },
};
