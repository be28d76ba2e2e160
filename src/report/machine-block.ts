import * as z from "zod";
import { embed, embedded } from "./embedded.ts";

const NAME = "check";

const schema = z.object({
  version: z.literal(1),
  digest: z.string().optional(),
  rendered: z.string().optional(),
  intent: z.string().optional(),
  keyId: z.string(),
});

/** What a later run must know of this one, kept at the end of a check's text. Keys that a newer version adds are ignored. */
export interface MachineBlock {
  readonly digest?: string;
  readonly rendered?: string;
  readonly intent?: string;
  readonly keyId: string;
}

export function formatMachineBlock({ digest, rendered, intent, keyId }: MachineBlock): string {
  return embed(NAME, {
    version: 1,
    ...(digest !== undefined && { digest }),
    ...(rendered !== undefined && { rendered }),
    ...(intent !== undefined && { intent }),
    keyId,
  });
}

/** The block at the end of a check's text; `undefined` when there is none that this version can read. */
export function parseMachineBlock(text: string): MachineBlock | undefined {
  const parsed = schema.safeParse(embedded(NAME, text));
  if (!parsed.success) return undefined;
  const { digest, rendered, intent, keyId } = parsed.data;
  return {
    ...(digest !== undefined && { digest }),
    ...(rendered !== undefined && { rendered }),
    ...(intent !== undefined && { intent }),
    keyId,
  };
}
