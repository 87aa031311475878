/**
 * Which alerts are not told of while another is: what a dead model or server causes, and what is less
 * than something critical of the same concern. A crash loop is told of beside the death of its server
 * or model, since it is the cause.
 */
export const INHIBIT_RULES = [
  {
    source_matchers: ['alertname="VllmModelDown"'],
    target_matchers: ['alertname!~"VllmModelDown|VllmEngineRestarts"'],
    equal: ["model_name"],
  },
  {
    source_matchers: ['alertname="VllmTargetDown"'],
    target_matchers: ['alertname!~"VllmTargetDown|VllmEngineRestarts"'],
    equal: ["job", "instance"],
  },
  // A stalled engine is slow and gets few requests.
  {
    source_matchers: ['alertname=~"VllmEngineStalled|VllmAdmissionStalled|VllmNoTokens"'],
    target_matchers: ['alertname=~"VllmInstanceSlow|VllmLoadImbalanced"'],
    equal: ["job", "instance"],
  },
  // A critical alert about a model silences warnings about it and its servers.
  {
    source_matchers: ['severity="critical"', 'instance=""'],
    target_matchers: ['severity="warning"'],
    equal: ["concern", "model_name", "objective"],
  },
  // One about a server silences warnings about that server only.
  {
    source_matchers: ['severity="critical"', 'instance!=""'],
    target_matchers: ['severity="warning"'],
    equal: ["concern", "job", "instance"],
  },
];
