import { Failure } from "../../../tools/failure.ts";
import { installPackages, mayInstallPackages } from "../../../tools/apt.ts";
import type { Report } from "../../../tools/report.ts";
import { allOnPath, run } from "../../../tools/run.ts";
import type { ImageRecipe } from "./image.ts";

/** The base of all other images: a static busybox, its links, and three Unix users (`/etc/passwd`). */
export const busyboxImage: ImageRecipe = {
  tag: "vllm-observability-offline/busybox:latest",
  folder: "busybox",
  ingredients: [],
  context: async (report) => ({ busybox: await ensureBusybox(report) }),
};

async function ensureBusybox(report: Report): Promise<string> {
  const found = await findStaticBusybox();
  if (found !== undefined) return found;
  if (mayInstallPackages()) {
    await report.step("Installing Debian's package busybox-static", () =>
      installPackages(["busybox-static"]),
    );
  }
  const installed = await findStaticBusybox();
  if (installed !== undefined) return installed;
  throw new Failure(
    "The offline kit's images need a static busybox. Install one (Debian: busybox-static) and try again.",
  );
}

async function findStaticBusybox(): Promise<string | undefined> {
  for (const program of allOnPath("busybox")) {
    // For a static program, ldd either reports that and fails, or lists nothing. Which of the two
    // happens depends on the C library.
    const libraries = await run("ldd", [program]).catch(() => "");
    if (!libraries.includes("=>")) return program;
  }
  return undefined;
}
