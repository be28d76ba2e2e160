import type { KubeObject } from "../model/object.ts";
import type { Problem } from "../model/problem.ts";
import { cautionOf, type Planned } from "./planned.ts";
import { containersOf, podSpecsOf } from "./pod-specs.ts";
import { listed, mapsAt, textAt, told } from "./reading.ts";
import { gained } from "./traits.ts";

/** Images that may be another one tomorrow: without a tag, or with `latest`. A digest pins whatever the tag says. */
export function latestImages(plan: readonly Planned[]): readonly Problem[] {
  return plan.flatMap((planned) => {
    const found = gained(planned, latestOf);
    if (found.length === 0) return [];
    const what = `no fixed version: ${listed(found)}`;
    return [cautionOf(planned, { code: "image-latest", what, remedy: "name a version, or better a digest" })];
  });
}

function latestOf(object: KubeObject): readonly string[] {
  return podSpecsOf(object).flatMap((spec) => [
    ...containersOf(spec).flatMap((container) => {
      const image = textAt(container.spec, "image");
      return image !== undefined && isLatest(image) ? [`container ${told(container.name)} runs ${told(image)}`] : [];
    }),
    ...mapsAt(spec, "volumes").flatMap((volume) => {
      const image = textAt(volume, "image", "reference");
      return image !== undefined && isLatest(image) ? [`a volume holds ${told(image)}`] : [];
    }),
  ]);
}

/** A variable that somebody fills in later is no image yet. */
function isLatest(image: string): boolean {
  if (image === "" || image.includes("@") || image.includes("$")) return false;
  const tag = /:([^/:]*)$/.exec(image)?.[1];
  return tag === undefined || tag === "latest";
}
