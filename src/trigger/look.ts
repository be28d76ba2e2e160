import { MODES, type Mode } from "../model/mode.ts";

/** How closely a run looks at the cluster, as the words of a command line say it. */
export interface Look {
  readonly offline: boolean;
  readonly mode?: Mode;
  readonly exact?: boolean;
  /** Per cent. */
  readonly shadow?: number;
}

export interface LookOptions {
  readonly offline: boolean;
  readonly mode?: string | undefined;
  readonly exact: boolean;
  readonly shadow?: string | undefined;
}

/** A text says what is wrong with the options. */
export function parseLook({ offline, mode: written, exact, shadow: percent }: LookOptions): Look | string {
  const mode = MODES.find((one) => one === written);
  if (written !== undefined && mode === undefined)
    return `--mode is ${JSON.stringify(written)}; it is one of ${MODES.join(", ")}`;
  if (offline && mode !== undefined && mode !== "offline") return `--offline and --mode ${mode} exclude each other`;
  if (percent !== undefined && !/^(?:100|\d{1,2})$/.test(percent))
    return `--shadow is ${JSON.stringify(percent)}; write a whole number from 0 to 100`;
  return {
    offline: offline || mode === "offline",
    ...(mode !== undefined && { mode }),
    ...(exact && { exact }),
    ...(percent !== undefined && { shadow: Number(percent) }),
  };
}
