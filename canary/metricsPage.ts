/** The canary's metrics page. */
import { canaryMetrics as m, CANARY_OUTCOMES } from "../vllm/exporters/canary.ts";
import { formatExposition, type Family, type Sample } from "../vllm/exposition.ts";
import { familyName, type Metric } from "../vllm/metric.ts";
import type { RankResult, ServerProbe } from "./serverProbe.ts";

/** The text of `/metrics`. Unknown values have no series. */
export function metricsPage(probes: readonly ServerProbe[]): string {
  const ofRanks = (metric: Metric, value: (rank: RankResult) => number | undefined) =>
    family(metric, probes, ({ ranks }) =>
      [...ranks.values()].map((rank) => [labelsOf(rank), value(rank)]),
    );
  return formatExposition([
    family(m.canaryEndpointSuccess, probes, (probe) =>
      Object.entries(probe.endpoints).map(([endpoint, ok]) => [
        { ...modelOf(probe), endpoint },
        Number(ok),
      ]),
    ),
    ofRanks(m.canarySuccess, ({ last }) => last && Number(last.outcome === "ok")),
    ofRanks(m.canaryFailures, ({ last, failuresInARow }) => last && failuresInARow),
    ofRanks(m.canaryTimeToFirstToken, ({ last }) => last?.times?.firstToken),
    ofRanks(m.canaryInterTokenLatency, ({ last }) => last?.times?.perToken),
    ofRanks(m.canaryDuration, ({ last }) => last?.times?.duration),
    ofRanks(m.canaryLastSuccess, ({ lastSuccess }) => lastSuccess),
    family(m.canaryProbes, probes, ({ ranks }) =>
      [...ranks.values()].flatMap((rank) =>
        CANARY_OUTCOMES.map((outcome): LabelledValue => [
          { ...labelsOf(rank), outcome },
          rank.probes[outcome] ?? 0,
        ]),
      ),
    ),
    ofRanks(m.canaryTokens, ({ tokens }) => tokens),
    family(m.canaryBudgetLeft, probes, (probe) => [[modelOf(probe), probe.budgetLeft()]]),
  ]);
}

type LabelledValue = [labels: Record<string, string>, value: number | undefined];

function family(
  metric: Metric,
  probes: readonly ServerProbe[],
  valuesOf: (probe: ServerProbe) => LabelledValue[],
): Family {
  const name = familyName(metric);
  const samples = probes.flatMap((probe) =>
    valuesOf(probe).flatMap(([labels, value]): Sample[] =>
      value === undefined ? [] : [{ name, labels: { ...probe.target.labels, ...labels }, value }],
    ),
  );
  return { name, type: metric.type, help: metric.help, samples };
}

function labelsOf({ engine, model }: RankResult): Record<string, string> {
  return { model_name: model, engine };
}

/** The model of a server's first rank. */
function modelOf({ ranks }: ServerProbe): Record<string, string> {
  return { model_name: [...ranks.values()][0]?.model ?? "" };
}
