import type { FieldChange } from "../model/change.ts";
import { isMap, type Json, type JsonMap } from "../model/json.ts";
import { compareText, formatRef, type Ref } from "../model/ref.ts";
import type { Target } from "../model/target.ts";
import { excerpt } from "./excerpt.ts";
import { code, row } from "./markdown.ts";
import type { MaskedReport } from "./masked-report.ts";
import { toldFields } from "./renamed.ts";
import { targetNames } from "./target-names.ts";

/** One image that moves from one version to another, and who uses it. */
export interface ImageMove {
  readonly image: string;
  readonly from: string;
  readonly to: string;
  readonly usedBy: readonly { readonly ref: Ref; readonly target: Target }[];
}

// Containers of every list, wherever a kind has its pods; and volumes that are images.
const IMAGE_PATH = /(?:[cC]ontainers\[[^\]]*\]\.image|\bvolumes\[[^\]]*\]\.image\.reference)$/;

/** The container images that this change moves, by name. */
export function imageMoves(report: MaskedReport): readonly ImageMove[] {
  const moves = report.targets.flatMap(({ target, changes }) =>
    changes.flatMap((change) =>
      toldFields(change)
        .flatMap(toMove)
        .map((move) => ({ ...move, ref: change.ref, target })),
    ),
  );
  const same = Map.groupBy(moves, ({ image, from, to }) => JSON.stringify([image, from, to]));
  return [...same]
    .toSorted(([a], [b]) => compareText(a, b))
    .flatMap(([, uses]) => (uses[0] === undefined ? [] : [{ ...versions(uses[0]), usedBy: uses }]));
}

type Versions = Pick<ImageMove, "image" | "from" | "to">;

function versions({ image, from, to }: Versions): Versions {
  return { image, from, to };
}

function toMove(field: FieldChange): readonly Versions[] {
  const { path, before, after, from } = imageField(field);
  if (from !== "pull-request" || !IMAGE_PATH.test(path)) return [];
  if (before === undefined && typeof after === "string") {
    const { name, version } = parseImage(after);
    return [{ image: name, from: NONE, to: version }];
  }
  if (typeof before !== "string" || typeof after !== "string") return [];
  const [old, fresh] = [parseImage(before), parseImage(after)];
  if (old.name !== fresh.name) return [{ image: fresh.name, from: before, to: after }];
  return [{ image: fresh.name, from: old.version, to: fresh.version }];
}

const NONE = "—";
const CONTAINER_PATH = /[cC]ontainers\[[^\]]*\]$/;

/** A container that comes or goes as a whole is told by its image. */
function imageField(field: FieldChange): FieldChange {
  if (!CONTAINER_PATH.test(field.path)) return field;
  const [before, after] = [field.before, field.after].map(imageOf);
  const sides = { ...(before !== undefined && { before }), ...(after !== undefined && { after }) };
  return { path: `${field.path}.image`, from: field.from, ...sides };
}

function imageOf(container: FieldChange["after"]): string | undefined {
  const image = isMap(container as Json | undefined) ? (container as JsonMap)["image"] : undefined;
  return typeof image === "string" ? image : undefined;
}

/** `registry:5000/name` and `tag`, `tag@sha256:...` or `latest`. */
function parseImage(image: string): { readonly name: string; readonly version: string } {
  const version = /(?::[^/:@]+)?(?:@[^/@]+)?$/.exec(image)?.[0] ?? "";
  const name = image.slice(0, image.length - version.length);
  return { name, version: version === "" ? "latest" : version.replace(/^[:@]/, "") };
}

const LONGEST_CELL = 120;
const MOST_USERS = 5;

/** The moves as a table; empty when there are none. */
export function imageTable(moves: readonly ImageMove[]): string {
  if (moves.length === 0) return "";
  const rows = moves.map(({ image, from, to, usedBy }) =>
    row([...[image, from, to].map((text) => code(excerpt(text, LONGEST_CELL))), usersText(usedBy)]),
  );
  return ["**Images**", "", "| Image | From | To | Used by |", "|---|---|---|---|", ...rows, "", ""].join("\n");
}

function usersText(usedBy: ImageMove["usedBy"]): string {
  const byObject = [...Map.groupBy(usedBy, ({ ref }) => formatRef(ref))];
  const texts = byObject
    .slice(0, MOST_USERS)
    .map(([object, uses]) => `${code(excerpt(object, LONGEST_CELL))} in ${targetNames(uniqueTargets(uses))}`);
  const more = byObject.length > MOST_USERS ? [`and ${byObject.length - MOST_USERS} more`] : [];
  return [...texts, ...more].join("<br>");
}

function uniqueTargets(uses: ImageMove["usedBy"]): readonly Target[] {
  return [...new Set(uses.map(({ target }) => target))];
}
