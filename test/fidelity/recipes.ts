import { ADMISSION } from "./kinds/admission.ts";
import { APPS } from "./kinds/apps.ts";
import { BATCH } from "./kinds/batch.ts";
import { CLUSTER } from "./kinds/cluster.ts";
import { CORE } from "./kinds/core.ts";
import { EXTENSION } from "./kinds/extension.ts";
import { NETWORKING } from "./kinds/networking.ts";
import { RBAC } from "./kinds/rbac.ts";
import type { Recipe } from "./recipe.ts";

/** One recipe per kind that the run knows. */
export const RECIPES: readonly Recipe[] = [
  ...APPS,
  ...BATCH,
  ...CORE,
  ...NETWORKING,
  ...RBAC,
  ...CLUSTER,
  ...ADMISSION,
  ...EXTENSION,
];
