import { type Answer, created, noContent, notFound, ok, unprocessable } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { pageAnswer } from "./pagination.ts";
import { refreshPulls } from "./pull-state.ts";
import { apiUrl, type Repository, type Store } from "./store.ts";

export const refRoutes = {
  "git/create-ref": create,
  "git/delete-ref": remove,
  "git/get-ref": get,
  "git/list-matching-refs": listMatching,
  "git/update-ref": update,
};

interface Ref {
  /** `refs/heads/main` */
  readonly name: string;
  readonly type: string;
  readonly sha: string;
}

async function get(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const ref = await refOf(repository, `refs/${textIn(call, "ref")}`);
  if (ref === undefined) throw notFound();
  return ok(toRef(store, repository, ref));
}

/** Refs that begin with the text, not only below it as a folder. */
async function listMatching(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const start = `refs/${textIn(call, "ref")}`;
  const refs = (await readRefs(repository, "refs/")).filter(({ name }) => name.startsWith(start));
  return pageAnswer(call, refs, (ref) => toRef(store, repository, ref));
}

async function create(call: RepositoryCall): Promise<Answer> {
  const { repository } = call;
  const { ref, sha } = call.body as { readonly ref: string; readonly sha: string };
  if (!/^refs\/[^/]+\/.+/.test(ref)) throw unprocessable("Reference name must be fully qualified");
  if ((await repository.git.attempt(["check-ref-format", ref])) === undefined || ref.startsWith("refs/pull/")) {
    throw unprocessable(`${ref} is not a valid ref name`);
  }
  await refuseUnknown(repository, sha);
  if ((await refOf(repository, ref)) !== undefined) throw unprocessable("Reference already exists");
  await repository.git.run(["update-ref", ref, sha, ""]);
  return created(await moved(call, ref));
}

async function update(call: RepositoryCall): Promise<Answer> {
  const { repository } = call;
  const name = `refs/${textIn(call, "ref")}`;
  const { sha, force = false } = call.body as { readonly sha: string; readonly force?: boolean };
  const old = await refOf(repository, name);
  if (old === undefined) throw unprocessable("Reference does not exist");
  await refuseUnknown(repository, sha);
  const isForward = (await repository.git.attempt(["merge-base", "--is-ancestor", old.sha, sha])) !== undefined;
  if (!isForward && !force) throw unprocessable("Update is not a fast forward");
  await repository.git.run(["update-ref", name, sha, old.sha]);
  return ok(await moved(call, name));
}

async function remove(call: RepositoryCall): Promise<Answer> {
  const { store, repository } = call;
  const name = `refs/${textIn(call, "ref")}`;
  if ((await refOf(repository, name)) === undefined) throw unprocessable("Reference does not exist");
  await repository.git.run(["update-ref", "-d", name]);
  await refreshPulls(store);
  return noContent();
}

async function moved({ store, repository }: RepositoryCall, name: string): Promise<unknown> {
  await refreshPulls(store);
  const ref = await refOf(repository, name);
  return ref && toRef(store, repository, ref);
}

async function refuseUnknown({ git }: Repository, sha: string): Promise<void> {
  const isSha = /^[0-9a-f]{40}$/.test(sha);
  if (!isSha || (await git.attempt(["cat-file", "-e", sha])) === undefined)
    throw unprocessable("Object does not exist");
}

async function refOf(repository: Repository, name: string): Promise<Ref | undefined> {
  const refs = await readRefs(repository, name);
  return refs.find((ref) => ref.name === name);
}

async function readRefs({ git }: Repository, below: string): Promise<readonly Ref[]> {
  const text = await git.run(["for-each-ref", "--format=%(refname) %(objecttype) %(objectname)", below]);
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [name = "", type = "", sha = ""] = line.split(" ");
      return { name, type, sha };
    });
}

function toRef(store: Store, repository: Repository, { name, type, sha }: Ref): unknown {
  const git = `${apiUrl(store, repository)}/git`;
  const url = `${git}/${name.split("/").map(encodeURIComponent).join("/")}`;
  return { ref: name, node_id: `REF_${sha.slice(0, 12)}`, url, object: { type, sha, url: `${git}/${type}s/${sha}` } };
}
