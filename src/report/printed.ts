import type { RunReport } from "../model/run.ts";
import type { SafeText } from "../model/safe-text.ts";
import { consoleText } from "./console.ts";
import type { Guard } from "./guard.ts";
import { htmlPage } from "./html.ts";
import { formatPlanJson } from "./plan-json.ts";
import { summary } from "./summary.ts";

/** What the command line prints of a run, in one of its formats. */
export function printed(
  report: RunReport,
  options: { readonly format: "text" | "json" | "markdown" | "html"; readonly colour: boolean; readonly guard: Guard },
): SafeText {
  const { format, colour, guard } = options;
  const masked = guard.report(report);
  switch (format) {
    case "text":
      return guard.terminal(consoleText(masked, { colour }));
    case "json":
      return guard.json(formatPlanJson(masked));
    case "markdown":
      return guard.markdown(summary(masked));
    case "html":
      return guard.html(htmlPage(masked));
  }
}
