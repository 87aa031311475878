import pulumi from "@pulumi/eslint-plugin";
import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

/**
 * What each part of the program may import beside itself; the picture is in CONTRIBUTING.md. Tests, the
 * command line and the offline kit stand outside and are free.
 */
const PARTS = {
  common: [],
  vllm: [],
  slo: ["common", "vllm"],
  dashboards: ["common", "vllm", "slo"],
  canary: ["common", "vllm"],
  prometheus: ["common", "vllm", "slo", "canary"],
  alertmanager: ["common", "vllm"],
  grafana: [],
  simulator: ["common", "vllm"],
  components: ["alertmanager", "canary", "grafana", "prometheus", "Pulumi"],
  settings: ["common", "vllm", "slo", "dashboards", "prometheus", "alertmanager", "canary"],
  plan: [
    ...["common", "vllm", "slo", "dashboards", "prometheus", "alertmanager", "grafana"],
    ...["simulator", "canary", "components", "settings"],
  ],
  index: ["components", "settings", "plan", "Pulumi"],
  preview: [],
  lab: [],
};

/** A part is a folder, a file at the top, or both. */
function layers() {
  return Object.entries(PARTS).flatMap(([part, allowed]) => {
    const known = [...Object.keys(PARTS), "offline", "test", "tools", "Pulumi"];
    const others = known.filter((other) => other !== part && !allowed.includes(other));
    const message = `${part} stands on ${allowed.join(", ") || "nothing of the project"}: see CONTRIBUTING.md.`;
    const refuse = (files, ...paths) => {
      if (others.includes("Pulumi")) paths.push("@pulumi");
      const patterns = paths.map((path) => ({ regex: `^${path}`, message }));
      return { files: [files], rules: { "no-restricted-imports": ["error", { patterns }] } };
    };
    const either = `(${others.join("|")})`;
    const files = `(${others.filter((other) => ["settings", "plan"].includes(other)).join("|")})`;
    return [
      refuse(`${part}.ts`, `\\./${either}(/|\\.ts$)`),
      refuse(`${part}/**/*.ts`, `(\\.\\./)+${either}/`, `(\\.\\./)+${files}\\.ts$`),
    ];
  });
}

export default defineConfig(
  { ignores: ["node_modules/"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { "@pulumi": pulumi },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      // Numbers and booleans read well inside a sentence; objects do not.
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // A Pulumi component is a class whose constructor does the work, kept only for its children.
      "no-new": "off",
    },
  },
  {
    files: ["test/**/*.ts"],
    // node:test's describe() and it() return promises that the runner itself awaits.
    rules: { "@typescript-eslint/no-floating-promises": "off" },
  },
  layers(),
);
