/** The canary's metrics page. */
import { canary as m, CANARY_OUTCOMES } from "../vllm/exporters/canary.ts";
import { formatExposition, type Family, type Sample } from "../vllm/exposition.ts";
import { familyName, type Metric } from "../vllm/metric.ts";
import type { RankResult, Watch } from "./serverProbe.ts";

/** The text of `/metrics`. Unknown values have no series. */
export function page(watches: readonly Watch[]): string {
  const ofRanks = (metric: Metric, value: (rank: RankResult) => number | undefined) =>
    family(metric, watches, ({ ranks }) =>
      [...ranks.values()].map((rank) => [labelsOf(rank), value(rank)]),
    );
  return formatExposition([
    family(m.canaryEndpointSuccess, watches, (watch) =>
      Object.entries(watch.endpoints).map(([endpoint, ok]) => [
        { ...modelOf(watch), endpoint },
        Number(ok),
      ]),
    ),
    ofRanks(m.canarySuccess, ({ last }) => last && Number(last.outcome === "ok")),
    ofRanks(m.canaryFailures, ({ last, failuresInARow }) => last && failuresInARow),
    ofRanks(m.canaryTimeToFirstToken, ({ last }) => last?.times?.firstToken),
    ofRanks(m.canaryInterTokenLatency, ({ last }) => last?.times?.perToken),
    ofRanks(m.canaryDuration, ({ last }) => last?.times?.duration),
    ofRanks(m.canaryLastSuccess, ({ lastSuccess }) => lastSuccess),
    family(m.canaryProbes, watches, ({ ranks }) =>
      [...ranks.values()].flatMap((rank) =>
        CANARY_OUTCOMES.map((outcome): Value => [
          { ...labelsOf(rank), outcome },
          rank.probes[outcome] ?? 0,
        ]),
      ),
    ),
    ofRanks(m.canaryTokens, ({ tokens }) => tokens),
    family(m.canaryBudgetLeft, watches, (watch) => [[modelOf(watch), watch.budgetLeft()]]),
  ]);
}

type Value = [labels: Record<string, string>, value: number | undefined];

function family(
  metric: Metric,
  watches: readonly Watch[],
  valuesOf: (watch: Watch) => Value[],
): Family {
  const name = familyName(metric);
  const samples = watches.flatMap((watch) =>
    valuesOf(watch).flatMap(([labels, value]): Sample[] =>
      value === undefined ? [] : [{ name, labels: { ...watch.target.labels, ...labels }, value }],
    ),
  );
  return { name, type: metric.type, help: metric.help, samples };
}

function labelsOf({ engine, model }: RankResult): Record<string, string> {
  return { model_name: model, engine };
}

/** The model of a server's first rank. */
function modelOf({ ranks }: Watch): Record<string, string> {
  return { model_name: [...ranks.values()][0]?.model ?? "" };
}
