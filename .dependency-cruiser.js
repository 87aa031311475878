/**
 * What each part may import beside itself; CONTRIBUTING.md has the picture. `npx depcruise .` checks it,
 * as `npm test static` does.
 */
const PRODUCT = {
  common: [],
  vllm: [],
  slo: ["common", "vllm"],
  dashboards: ["common", "vllm", "slo"],
  canary: ["common", "vllm"],
  prometheus: ["common", "vllm", "slo", "canary"],
  alertmanager: ["common", "vllm"],
  grafana: [],
  components: ["alertmanager", "canary", "grafana", "prometheus", "@pulumi"],
  settings: ["common", "vllm", "slo", "dashboards", "prometheus", "alertmanager", "canary"],
  plan: [
    ...["common", "vllm", "slo", "dashboards", "prometheus", "alertmanager", "grafana"],
    ...["canary", "components", "settings"],
  ],
  // Where the program meets the laboratory.
  demo: ["plan", "lab"],
  index: ["components", "settings", "plan", "demo", "@pulumi"],
};

const EQUIPMENT = {
  tools: ["settings"],
  cli: [...Object.keys(PRODUCT), "tools", "@pulumi"],
  lab: [...Object.keys(PRODUCT), "tools", "@pulumi"],
};

const PARTS = { ...PRODUCT, ...EQUIPMENT };

/** A part is a folder, a file at the top, or both; `@pulumi` is a package. */
const pathOf = (part) =>
  part === "@pulumi" ? "^node_modules/@pulumi(verse)?/" : `^${part}(/|[.]ts$)`;

const others = (part, allowed) =>
  [...Object.keys(PARTS), "docs", "test", "@pulumi"].filter(
    (other) => other !== part && !allowed.includes(other),
  );

export default {
  forbidden: [
    ...Object.entries(PARTS).map(([part, allowed]) => ({
      name: `${part}-imports-only-its-own`,
      comment: `${part} may import ${allowed.join(", ") || "nothing of the project"}.`,
      severity: "error",
      // The commands are listed in one file, those of the laboratory among them.
      from: { path: pathOf(part), pathNot: "^cli/main[.]ts$" },
      to: { path: others(part, allowed).map(pathOf) },
    })),
    {
      name: "no-circle",
      comment: "A circle has no first file to read.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^(node_modules/(?!@pulumi)|test/fixtures)" },
    // Imports of types alone count.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs"] },
  },
};
