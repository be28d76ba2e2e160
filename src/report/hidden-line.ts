import type { Hidden } from "../model/plan.ts";
import { count } from "./count.ts";
import type { MaskedReport } from "./masked-report.ts";

/** What the lists leave out, and why; empty when nothing is left out. */
export function hiddenText(report: MaskedReport): string {
  const sum = (key: keyof Hidden): number => report.targets.reduce((total, { hidden }) => total + hidden[key], 0);
  const parts = [
    [sum("ignored"), (n: number) => `${count(n, "field")} by ignore rules`],
    [sum("masked"), (n: number) => count(n, "secret value")],
    [sum("cut"), (n: number) => `${count(n, "part")} for size`],
    [sum("unread"), (n: number) => `${count(n, "object")} that could not be read`],
  ] as const;
  return parts.flatMap(([number, text]) => (number === 0 ? [] : [text(number)])).join(" · ");
}
