/**
 * What a mark makes of an object:
 * - `whole`: it is left alone; not created, changed or deleted
 * - `if-absent`: it is created where it is missing, and then left alone
 * - `paths`: some of its fields are left alone
 * - `others-stay`: fields that other tools left in it stay when it is taken over
 * - `drift`: its drift does not count
 * - `orphan`: that it left Git is no drift
 */
export type IgnoreEffect = "whole" | "if-absent" | "paths" | "others-stay" | "drift" | "orphan";

/** An annotation by which an object asks to be left alone, in the words of the tool that people come from. */
export interface IgnoreMark {
  readonly tool: string;
  readonly key: string;
  /** The key may end in `-` and anything, to be written several times. */
  readonly repeated?: true;
  /** The tool reads it as a label, too. */
  readonly label?: true;
  /** What the value has to be, in any case of letters; absent: any value. */
  readonly value?: RegExp;
  readonly effect: IgnoreEffect;
  /** How it is written. */
  readonly example: string;
}

/** Our own mark: `true`, or paths. */
export const OWN_MARK = "plumbline.dev/ignore";

const FLUX = "kustomize.toolkit.fluxcd.io";

/** Every mark that is read, the strongest effect first. */
export const IGNORE_MARKS: readonly IgnoreMark[] = [
  { tool: "Plumbline", key: OWN_MARK, value: /^true$/i, effect: "whole", example: "true" },
  { tool: "Flux", key: `${FLUX}/reconcile`, label: true, value: /^disabled$/i, effect: "whole", example: "disabled" },
  { tool: "Flux", key: `${FLUX}/ssa`, label: true, value: /^ignore$/i, effect: "whole", example: "Ignore" },
  { tool: "Flux 1", key: "fluxcd.io/ignore", value: /^true$/i, effect: "whole", example: "true" },
  { tool: "Flux 1", key: "flux.weave.works/ignore", value: /^true$/i, effect: "whole", example: "true" },
  { tool: "Argo CD", key: "argocd.argoproj.io/hook", value: /^skip$/i, effect: "whole", example: "Skip" },
  { tool: "kapp", key: "kapp.k14s.io/noop", effect: "whole", example: "" },
  { tool: "kapp", key: "kapp.k14s.io/exists", effect: "whole", example: "" },
  {
    tool: "Config Sync",
    key: "configmanagement.gke.io/managed",
    value: /^disabled$/i,
    effect: "whole",
    example: "disabled",
  },
  {
    tool: "Flux",
    key: `${FLUX}/ssa`,
    label: true,
    value: /^ifnotpresent$/i,
    effect: "if-absent",
    example: "IfNotPresent",
  },
  { tool: "kapp", key: "kapp.k14s.io/update-strategy", value: /^skip$/i, effect: "if-absent", example: "skip" },
  {
    tool: "cli-utils, Config Sync",
    key: "client.lifecycle.config.k8s.io/mutation",
    value: /^ignore$/i,
    effect: "if-absent",
    example: "ignore",
  },
  { tool: "kluctl", key: "kluctl.io/ignore-diff", value: /^true$/i, effect: "if-absent", example: "true" },
  { tool: "Plumbline", key: OWN_MARK, effect: "paths", example: "spec.replicas, data[*]" },
  { tool: "kluctl", key: "kluctl.io/ignore-diff-field", repeated: true, effect: "paths", example: "spec.replicas" },
  { tool: "Flux", key: `${FLUX}/ssa`, label: true, value: /^merge$/i, effect: "others-stay", example: "Merge" },
  {
    tool: "Flux",
    key: "helm.toolkit.fluxcd.io/driftDetection",
    label: true,
    value: /^disabled$/i,
    effect: "drift",
    example: "disabled",
  },
  {
    tool: "Argo CD",
    key: "argocd.argoproj.io/compare-options",
    value: /(?:^|,)\s*IgnoreExtraneous\s*(?:,|$)/i,
    effect: "orphan",
    example: "IgnoreExtraneous",
  },
];

/** A mark that an object carries. */
export interface FoundMark {
  readonly mark: IgnoreMark;
  readonly key: string;
  readonly value: string;
  readonly on: "label" | "annotation";
}

/** The marks in some annotations and labels, strongest first. Our own one means paths unless it means the whole object. */
export function findMarks({ annotations, labels }: Marked): readonly FoundMark[] {
  if (!hasMarkKey(annotations) && !hasMarkKey(labels)) return [];
  const found = IGNORE_MARKS.flatMap((mark) => [
    ...marksIn(annotations, mark, "annotation"),
    ...(mark.label === true ? marksIn(labels, mark, "label") : []),
  ]);
  return found.filter(
    ({ mark, value }) => mark.effect !== "paths" || (value !== "" && !/^(?:true|false)$/i.test(value)),
  );
}

interface Marked {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
}

const KEYS: ReadonlySet<string> = new Set(IGNORE_MARKS.map(({ key }) => key));
const REPEATED = IGNORE_MARKS.filter(({ repeated }) => repeated);

/** Most objects have none, and need not be compared with mark by mark. */
function hasMarkKey(written: Readonly<Record<string, string>> | undefined): boolean {
  return Object.keys(written ?? {}).some((key) => KEYS.has(key) || REPEATED.some((mark) => isKeyOf(mark, key)));
}

function isKeyOf(mark: IgnoreMark, key: string): boolean {
  return key === mark.key || (mark.repeated === true && key.startsWith(`${mark.key}-`));
}

function marksIn(
  written: Readonly<Record<string, string>> | undefined,
  mark: IgnoreMark,
  on: FoundMark["on"],
): readonly FoundMark[] {
  return Object.entries(written ?? {})
    .filter(([key]) => isKeyOf(mark, key))
    .filter(([, value]) => typeof value === "string" && (mark.value === undefined || mark.value.test(value.trim())))
    .map(([key, value]) => ({ mark, key, value: value.trim(), on }));
}
