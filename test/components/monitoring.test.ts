import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { runtime } from "@pulumi/pulumi";
import { Monitoring } from "../../components/monitoring.ts";
import { demo } from "../../demo.ts";
import { planStack } from "../../plan.ts";
import { parseSettings } from "../../settings.ts";
import { confined, holder, secret, server } from "./expected.ts";
import { recordRegistrations, type Registration } from "./recording.ts";

const SETTINGS = {
  targets: ["gpu1:8000"],
  prometheus: { port: 9091, image: "prom:1", memory: 700 },
  grafana: { port: 3001, image: "graf:1", memory: 300 },
  bindAddress: "127.0.0.2",
  demo: true,
  demoImage: "node:1",
};

describe("Monitoring registers exactly", () => {
  const plan = planStack(parseSettings(SETTINGS), demo);
  let recorded: Registration[];
  before(async () => {
    recorded = await recordRegistrations("p", "s");
    const deployment = { project: "p", stack: "s" };
    new Monitoring("m", { deployment, ...plan.monitoring });
    await runtime.disconnect();
  });

  const inputsOf = (name: string) => {
    const found = recorded.filter((one) => one.name === name);
    assert.equal(found.length, 1, name);
    return found[0]?.inputs;
  };

  it("these resources", () => {
    assert.deepEqual(recorded.map(({ type, name }) => `${type} ${name}`).sort(), [
      "docker:index/container:Container m-demo-files-holder",
      "docker:index/container:Container m-demo-server",
      "docker:index/container:Container m-grafana-secrets-holder",
      "docker:index/container:Container m-grafana-server",
      "docker:index/container:Container m-prometheus-config-holder",
      "docker:index/container:Container m-prometheus-server",
      "docker:index/network:Network m-network",
      "docker:index/remoteImage:RemoteImage m-demo-image",
      "docker:index/remoteImage:RemoteImage m-grafana-image",
      "docker:index/remoteImage:RemoteImage m-prometheus-image",
      "docker:index/volume:Volume m-demo-files",
      "docker:index/volume:Volume m-grafana-data",
      "docker:index/volume:Volume m-grafana-secrets",
      "docker:index/volume:Volume m-prometheus-config",
      "docker:index/volume:Volume m-prometheus-data",
      ...Object.keys(plan.monitoring.dashboards.json)
        .map((uid) => `grafana:oss/dashboard:Dashboard m-dashboards-${uid}`)
        .sort(),
      "grafana:oss/dataSource:DataSource m-dashboards-prometheus",
      "grafana:oss/folder:Folder m-dashboards-folder",
      "pulumi:providers:grafana m-grafana-provider",
      "random:index/randomPassword:RandomPassword m-grafana-admin-password",
      "random:index/randomPassword:RandomPassword m-grafana-secret-key",
    ]);
  });

  it("each server after its files, and Grafana's resources after Grafana", () => {
    const after = (name: string) => recorded.find((one) => one.name === name)?.after ?? [];
    assert.ok(after("m-prometheus-server").includes("m-prometheus-config-holder"));
    assert.ok(after("m-demo-server").includes("m-demo-files-holder"));
    assert.ok(after("m-grafana-server").includes("m-grafana-secrets-holder"));
    assert.ok(after("m-dashboards-folder").includes("m-grafana-server"));
    assert.ok(after("m-dashboards-prometheus").includes("m-grafana-server"));
  });

  it("a network, and volumes with nothing set but their names", () => {
    assert.deepEqual(inputsOf("m-network"), { name: "p-s-network" });
    for (const part of [
      "prometheus-data",
      "grafana-data",
      "prometheus-config",
      "grafana-secrets",
      "demo-files",
    ]) {
      assert.deepEqual(inputsOf(`m-${part}`), { name: `p-s-${part}` });
    }
  });

  it("images that stay on the host", () => {
    assert.deepEqual(inputsOf("m-prometheus-image"), { name: "prom:1", keepLocally: true });
    assert.deepEqual(inputsOf("m-grafana-image"), { name: "graf:1", keepLocally: true });
    assert.deepEqual(inputsOf("m-demo-image"), { name: "node:1", keepLocally: true });
  });

  it("the Prometheus server", () => {
    assert.deepEqual(inputsOf("m-prometheus-server"), {
      ...confined("65534:65534", 700),
      ...server("prometheus", "http://127.0.0.1:9090/-/ready"),
      command: [
        "--config.file=/etc/prometheus/prometheus.yml",
        "--storage.tsdb.path=/prometheus",
        "--config.auto-reload",
        "--config.auto-reload-interval=2s",
      ],
      ports: [{ internal: 9090, external: 9091, ip: "127.0.0.2" }],
      hosts: [{ host: "host.docker.internal", ip: "host-gateway" }],
      volumes: [
        { volumeName: "p-s-prometheus-config", containerPath: "/etc/prometheus", readOnly: true },
        { volumeName: "p-s-prometheus-data", containerPath: "/prometheus" },
      ],
    });
  });

  it("the Grafana server", () => {
    assert.deepEqual(inputsOf("m-grafana-server"), {
      ...confined("472:0", 300),
      ...server("grafana", "http://127.0.0.1:3000/api/health"),
      envs: [
        "GF_SERVER_ROOT_URL=http://127.0.0.2:3001",
        "GF_SERVER_ENABLE_GZIP=false",
        "GF_SECURITY_ADMIN_USER=admin",
        "GF_SECURITY_ADMIN_PASSWORD__FILE=/etc/grafana-secrets/admin-password",
        "GF_SECURITY_SECRET_KEY__FILE=/etc/grafana-secrets/secret-key",
        "GF_SECURITY_COOKIE_SAMESITE=strict",
        "GF_SECURITY_COOKIE_SECURE=false",
        "GF_SECURITY_CONTENT_SECURITY_POLICY=true",
        "GF_SECURITY_DISABLE_GRAVATAR=true",
        "GF_USERS_ALLOW_SIGN_UP=false",
        "GF_USERS_HOME_PAGE=/d/vllm-overview",
        "GF_AUTH_ANONYMOUS_ENABLED=false",
        "GF_AUTH_ANONYMOUS_HIDE_VERSION=true",
        "GF_ANALYTICS_REPORTING_ENABLED=false",
        "GF_ANALYTICS_CHECK_FOR_UPDATES=false",
        "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES=false",
        "GF_ANALYTICS_FEEDBACK_LINKS_ENABLED=false",
        "GF_NEWS_NEWS_FEED_ENABLED=false",
        "GF_SNAPSHOTS_EXTERNAL_ENABLED=false",
        "GF_PLUGINS_PLUGIN_ADMIN_ENABLED=false",
        "GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED=true",
        "GF_PLUGINS_PREINSTALL_DISABLED=true",
        "GF_PLUGINS_PREINSTALL_AUTO_UPDATE=false",
        "GF_GRAFANA_COM_URL=http://127.0.0.1:9",
        "GF_GRAFANA_COM_API_URL=http://127.0.0.1:9",
        "GF_PUBLIC_DASHBOARDS_ENABLED=false",
        "GF_CLOUD_MIGRATION_ENABLED=false",
        "GF_LOG_MODE=console",
      ],
      tmpfs: { "/tmp": "rw,noexec,nosuid,size=64m" },
      ports: [{ internal: 3000, external: 3001, ip: "127.0.0.2" }],
      volumes: [
        {
          volumeName: "p-s-grafana-secrets",
          containerPath: "/etc/grafana-secrets",
          readOnly: true,
        },
        { volumeName: "p-s-grafana-data", containerPath: "/var/lib/grafana" },
      ],
    });
  });

  it("the demo server, without published ports", () => {
    assert.deepEqual(inputsOf("m-demo-server"), {
      ...confined("1000:1000", 256),
      ...server("demo", "http://127.0.0.1:8000/-/ready"),
      command: ["node", "--watch", "/demo/lab/simulator/main.ts"],
      volumes: [{ volumeName: "p-s-demo-files", containerPath: "/demo", readOnly: true }],
    });
  });

  it("containers that never start and carry the files", () => {
    assert.deepEqual(
      inputsOf("m-prometheus-config-holder"),
      holder("prometheus-config", "/etc/prometheus", {
        "prometheus.yml": plan.monitoring.prometheus.config,
        ...plan.monitoring.prometheus.ruleFiles,
      }),
    );
    assert.deepEqual(
      inputsOf("m-grafana-secrets-holder"),
      holder("grafana-secrets", "/etc/grafana-secrets", {
        "admin-password": "m-grafana-admin-password's value",
        "secret-key": "m-grafana-secret-key's value",
      }),
    );
    assert.deepEqual(
      inputsOf("m-demo-files-holder"),
      holder("demo-files", "/demo", plan.monitoring.demo?.files ?? {}),
    );
  });

  it("two generated secrets", () => {
    assert.deepEqual(inputsOf("m-grafana-admin-password"), { length: 32, special: false });
    assert.deepEqual(inputsOf("m-grafana-secret-key"), { length: 32, special: false });
  });

  it("the Grafana provider, with secret credentials", () => {
    const { auth, ...rest } = inputsOf("m-grafana-provider") ?? {};
    assert.deepEqual(rest, {
      url: "http://127.0.0.2:3001",
      retries: "10",
      retryWait: "3",
      retryStatusCodes: '["412","429","5xx"]',
    });
    assert.deepEqual(auth, secret("admin:m-grafana-admin-password's value"));
  });

  it("the data source, the folder and the dashboards in it", () => {
    assert.deepEqual(inputsOf("m-dashboards-prometheus"), {
      type: "prometheus",
      name: "Prometheus",
      uid: "prometheus",
      url: "http://prometheus:9090",
      isDefault: true,
      jsonDataEncoded: '{"httpMethod":"POST","timeInterval":"5s"}',
    });
    assert.deepEqual(inputsOf("m-dashboards-folder"), { uid: "vllm", title: "vLLM monitoring" });
    for (const [uid, json] of Object.entries(plan.monitoring.dashboards.json)) {
      assert.deepEqual(inputsOf(`m-dashboards-${uid}`), {
        folder: "vllm",
        configJson: json,
        overwrite: true,
      });
    }
  });
});
