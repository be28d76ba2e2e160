import { isFailure } from "../model/failure.ts";

/** An answer of the cluster, or that our identity may not have it: never to be taken for "there is none". */
export async function unlessForbidden<Answer>(asked: Promise<Answer>): Promise<Answer | "forbidden"> {
  try {
    return await asked;
  } catch (error) {
    if (isFailure(error) && error.code === "cluster-forbidden") return "forbidden";
    throw error;
  }
}
