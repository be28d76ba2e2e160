import { type Answer, created, notFound, ok, unprocessable } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { apiUrl } from "./store.ts";

export const blobRoutes = { "git/create-blob": create, "git/get-blob": get };

/** Base64 as GitHub writes it: a line break after every 60 characters. */
export function base64Lines(bytes: Buffer): string {
  return bytes.toString("base64").replaceAll(/.{60}|.+$/g, "$&\n");
}

async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const sha = textIn(call, "file_sha");
  const isBlob = /^[0-9a-f]{40}$/.test(sha) && (await repository.git.attempt(["cat-file", "-t", sha])) === "blob";
  if (!isBlob) throw notFound();
  const bytes = await repository.git.bytes(["cat-file", "blob", sha]);
  const url = `${apiUrl(store, repository)}/git/blobs/${sha}`;
  return ok({
    sha,
    node_id: `B_${sha.slice(0, 12)}`,
    size: bytes.length,
    url,
    content: base64Lines(bytes),
    encoding: "base64",
  });
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const { content, encoding = "utf-8" } = call.body as { readonly content: string; readonly encoding?: string };
  if (encoding !== "utf-8" && encoding !== "base64") throw unprocessable("encoding must be utf-8 or base64");
  const input = Buffer.from(content, encoding === "base64" ? "base64" : "utf8");
  const sha = await repository.git.run(["hash-object", "-w", "--stdin"], { input });
  return created({ sha, url: `${apiUrl(store, repository)}/git/blobs/${sha}` });
}
