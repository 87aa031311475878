import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { Monitoring } from "../../components/monitoring.ts";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import { parseSettings } from "../../settings.ts";
import { confined, labels, secret, server } from "./expected.ts";
import { recordRegistrations, type Registration } from "./recording.ts";

const SETTINGS = {
  bindAddress: "127.0.0.2",
  alertmanager: { port: 9094, image: "am:1", memory: 130 },
  alerting: {
    receivers: [
      { name: "ops", webhook: { url: "https://hooks.example/x" } },
      { name: "on call", pagerduty: { routingKey: "key" } },
    ],
  },
};

describe("With receivers, Monitoring registers exactly", () => {
  const plan = planStack(parseSettings(SETTINGS), demo);
  let recorded: Registration[];
  before(async () => {
    recorded = await recordRegistrations("p", "s");
    new Monitoring("m", { deployment: { project: "p", stack: "s" }, ...plan.monitoring });
    await runtime.disconnect();
  });

  const inputsOf = (name: string) => {
    const found = recorded.filter((one) => one.name === name);
    assert.equal(found.length, 1, name);
    return found[0]?.inputs ?? {};
  };

  it("these additional resources", () => {
    const added = recorded.filter(({ name }) => name.includes("alertmanager"));
    assert.deepEqual(added.map(({ type, name }) => `${type} ${name}`).sort(), [
      "docker:index/container:Container m-alertmanager-config-holder",
      "docker:index/container:Container m-alertmanager-reload",
      "docker:index/container:Container m-alertmanager-secrets-holder",
      "docker:index/container:Container m-alertmanager-server",
      "docker:index/remoteImage:RemoteImage m-alertmanager-image",
      "docker:index/volume:Volume m-alertmanager-config",
      "docker:index/volume:Volume m-alertmanager-data",
      "docker:index/volume:Volume m-alertmanager-secrets",
      "grafana:oss/dataSource:DataSource m-dashboards-alertmanager",
    ]);
  });

  it("each resource after its dependencies", () => {
    const after = (name: string) => recorded.find((one) => one.name === name)?.after ?? [];
    for (const holder of ["m-alertmanager-config-holder", "m-alertmanager-secrets-holder"]) {
      assert.ok(after("m-alertmanager-server").includes(holder), holder);
    }
    assert.ok(after("m-alertmanager-reload").includes("m-alertmanager-server"));
    // If Grafana gets two new data sources at once, either may become the default.
    assert.ok(after("m-dashboards-alertmanager").includes("m-dashboards-prometheus"));
  });

  it("the Alertmanager server", () => {
    assert.deepEqual(inputsOf("m-alertmanager-server"), {
      ...confined("65534:65534", 130),
      ...server("alertmanager", "http://127.0.0.1:9093/-/ready"),
      command: [
        "--config.file=/etc/alertmanager/alertmanager.yml",
        "--storage.path=/alertmanager",
        "--cluster.listen-address=",
        "--web.external-url=http://127.0.0.2:9094",
      ],
      ports: [{ internal: 9093, external: 9094, ip: "127.0.0.2" }],
      hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
      volumes: [
        {
          volumeName: "p-s-alertmanager-config",
          containerPath: "/etc/alertmanager",
          readOnly: true,
        },
        {
          volumeName: "p-s-alertmanager-secrets",
          containerPath: "/etc/alertmanager-secrets",
          readOnly: true,
        },
        { volumeName: "p-s-alertmanager-data", containerPath: "/alertmanager" },
      ],
    });
  });

  it("files without secrets, and secrets that the state encrypts", () => {
    assert.deepEqual(inputsOf("m-alertmanager-config-holder").uploads, [
      {
        file: "/etc/alertmanager/alertmanager.yml",
        content: plan.monitoring.alertmanager?.config,
        permissions: "0444",
      },
      {
        file: "/etc/alertmanager/messages.tmpl",
        content: plan.monitoring.alertmanager?.templates,
        permissions: "0444",
      },
    ]);
    assert.deepEqual(
      inputsOf("m-alertmanager-secrets-holder").uploads,
      secret([
        {
          file: "/etc/alertmanager-secrets/ops-webhook-url",
          content: "https://hooks.example/x",
          permissions: "0444",
        },
        {
          file: "/etc/alertmanager-secrets/on%20call-pagerduty-routing-key",
          content: "key",
          permissions: "0444",
        },
      ]),
    );
    const elsewhere = recorded.filter(({ name }) => name !== "m-alertmanager-secrets-holder");
    assert.doesNotMatch(JSON.stringify(elsewhere), /hooks\.example/);
  });

  it("a reload request, replaced whenever the configuration changes", () => {
    const { labels: given, ...rest } = inputsOf("m-alertmanager-reload");
    assert.deepEqual(rest, {
      ...confined("65534:65534", 16),
      name: "p-s-alertmanager-reload",
      readOnly: true,
      mustRun: false,
      attach: true,
      logs: true,
      networkMode: "bridge",
      networksAdvanced: [{ name: "p-s-network" }],
      entrypoints: ["wget"],
      command: [...["-q", "-O", "/dev/null", "--post-data="], "http://alertmanager:9093/-/reload"],
    });
    const [component, config, ...others] = given as { label: string; value: string }[];
    assert.deepEqual(
      [component, ...others],
      [
        { label: "vllm-observability.component", value: "alertmanager-reload" },
        ...labels("").slice(1),
      ],
    );
    assert.equal(config?.label, "vllm-observability.config");
    assert.match(config.value, /^[0-9a-f]{64}$/);
  });

  it("a data source in Grafana, and its address in Prometheus's configuration", () => {
    assert.deepEqual(inputsOf("m-dashboards-alertmanager"), {
      type: "alertmanager",
      name: "Alertmanager",
      uid: "alertmanager",
      url: "http://alertmanager:9093",
      jsonDataEncoded: '{"handleGrafanaManagedAlerts":false,"implementation":"prometheus"}',
    });
    assert.match(
      plan.monitoring.prometheus.config,
      /alerting:\n {2}alertmanagers:\n {4}- static_configs:\n {8}- targets:\n {12}- alertmanager:9093\n/,
    );
  });
});
