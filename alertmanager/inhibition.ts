/**
 * Which alerts are muted while another fires: alerts caused by a dead model or server, and warnings
 * while a critical alert of the same concern fires. A crash loop is notified together with its dead
 * server or model, since it is the cause.
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
  // A critical alert about a model mutes warnings about it and its servers.
  {
    source_matchers: ['severity="critical"', 'instance=""'],
    target_matchers: ['severity="warning"'],
    equal: ["concern", "model_name", "objective"],
  },
  // A critical alert about a server mutes warnings about that server only.
  {
    source_matchers: ['severity="critical"', 'instance!=""'],
    target_matchers: ['severity="warning"'],
    equal: ["concern", "job", "instance"],
  },
];
