/** Draws the dashboard that the address names, and keeps it up to date. */
import type { DashboardAnswer } from "../answers.ts";
import { DashboardView } from "./dashboardView.ts";
import { showControls } from "./controls.ts";
import { element } from "./dom.ts";
import { Address, fetchDashboard } from "./address.ts";

const address = new Address(location);
const header = document.querySelector("header") ?? document.body;
const main = document.querySelector("main") ?? document.body;
const view = new DashboardView(main, address, update);
let timer: number | undefined;

await update();

/** Requests the dashboard, shows it, and repeats after its refresh interval. */
async function update(): Promise<void> {
  clearTimeout(timer);
  let answer: DashboardAnswer;
  try {
    answer = await fetchDashboard(address);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    main.dataset.state = "error";
    view.clear();
    main.replaceChildren(element("p", { class: "error" }, words));
    timer = setTimeout(() => void update(), 15_000);
    return;
  }
  document.title = answer.dashboard.title;
  showControls(header, answer, address, update);
  await view.show(answer);
  main.dataset.state = "shown";
  const seconds = refreshOf(answer);
  if (seconds > 0) timer = setTimeout(() => void update(), seconds * 1000);
}

/** Seconds; 0 means never. A time range in the past needs no refresh. */
function refreshOf({ dashboard }: DashboardAnswer): number {
  const wanted = address.query.get("refresh") ?? dashboard.refresh ?? "";
  const [, amount, unit] = /^(\d+)([smh])$/.exec(wanted) ?? [];
  return Number(amount ?? 0) * { s: 1, m: 60, h: 3600 }[(unit ?? "s") as "s" | "m" | "h"];
}
