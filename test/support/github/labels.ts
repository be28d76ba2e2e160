import { type Answer, created, invalid, notFound, ok } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { pageAnswer } from "./pagination.ts";
import { apiUrl, type Issue, type Label, type Repository, type Store } from "./store.ts";
import { issueAt } from "./subject.ts";
import { checkLength } from "./text-limit.ts";

const NAME_CHARACTERS = 50;
const DESCRIPTION_CHARACTERS = 100;
const LABELS_PER_ISSUE = 100;

/** A label as a body names it. */
export type LabelName = string | { readonly name?: string };

export const labelRoutes = {
  "issues/add-labels": (call: RepositoryCall): Promise<Answer> => {
    const issue = issueAt(call);
    return relabel(call, issue, [...issue.labels, ...labelKeys(call.store, call.repository, namesIn(call))]);
  },
  "issues/create-label": create,
  "issues/get-label": (call: RepositoryCall): Answer => ok(toLabel(call.store, call.repository, labelAt(call))),
  "issues/list-labels-for-repo": (call: RepositoryCall): Promise<Answer> =>
    labelPage(call, [...call.repository.labels.keys()]),
  "issues/list-labels-on-issue": (call: RepositoryCall): Promise<Answer> => labelPage(call, issueAt(call).labels),
  "issues/remove-label": remove,
  "issues/set-labels": (call: RepositoryCall): Promise<Answer> =>
    relabel(call, issueAt(call), labelKeys(call.store, call.repository, namesIn(call))),
};

/** The keys of labels; those that are not there yet are made, as GitHub does for who may write. */
export function labelKeys(store: Store, repository: Repository, names: readonly LabelName[]): readonly string[] {
  const texts = names.map((label) => (typeof label === "string" ? label : (label.name ?? "")));
  for (const name of texts) {
    checkName(name);
    if (!repository.labels.has(name.toLowerCase())) addLabel(store, repository, { name });
  }
  const keys = [...new Set(texts.map((name) => name.toLowerCase()))];
  if (keys.length > LABELS_PER_ISSUE) {
    throw invalid({
      resource: "Issue",
      code: "custom",
      field: "labels",
      message: "issue cannot have more than 100 labels",
    });
  }
  return keys;
}

export function toLabels(
  store: Store,
  repository: Repository,
  issue: Issue,
): readonly Readonly<Record<string, unknown>>[] {
  return issue.labels.flatMap((key) => {
    const label = repository.labels.get(key);
    return label === undefined ? [] : [toLabel(store, repository, label)];
  });
}

function addLabel(
  store: Store,
  repository: Repository,
  {
    name,
    color = "ededed",
    description,
  }: { readonly name: string; readonly color?: string; readonly description?: string },
): Label {
  const label: Label = { id: store.nextId(), name, color, description };
  repository.labels.set(name.toLowerCase(), label);
  return label;
}

function create(call: RepositoryCall): Answer {
  const { store, repository } = call;
  const body = call.body as { readonly name: string; readonly color?: string; readonly description?: string };
  checkName(body.name);
  checkLength("Label", "description", body.description, DESCRIPTION_CHARACTERS);
  if (body.color !== undefined && !/^[0-9a-f]{6}$/i.test(body.color)) {
    throw invalid({ resource: "Label", code: "invalid", field: "color" });
  }
  if (repository.labels.has(body.name.toLowerCase())) {
    throw invalid({ resource: "Label", code: "already_exists", field: "name" });
  }
  return created(toLabel(store, repository, addLabel(store, repository, body)));
}

function checkName(name: string): void {
  if (name.trim() === "") throw invalid({ resource: "Label", code: "missing_field", field: "name" });
  checkLength("Label", "name", name, NAME_CHARACTERS);
}

function remove(call: RepositoryCall): Promise<Answer> {
  const issue = issueAt(call);
  const key = textIn(call, "name").toLowerCase();
  if (!issue.labels.includes(key)) throw notFound();
  return relabel(
    call,
    issue,
    issue.labels.filter((label) => label !== key),
  );
}

function labelAt(call: RepositoryCall): Label {
  const label = call.repository.labels.get(textIn(call, "name").toLowerCase());
  if (label === undefined) throw notFound();
  return label;
}

function namesIn(call: RepositoryCall): readonly LabelName[] {
  return (call.body as { readonly labels?: readonly LabelName[] }).labels ?? [];
}

function relabel(call: RepositoryCall, issue: Issue, keys: readonly string[]): Promise<Answer> {
  const labels = [...new Set(keys)];
  call.repository.issues.set(issue.number, { ...issue, labels, updatedAt: call.store.now() });
  return labelPage(call, labels);
}

function labelPage(call: RepositoryCall, keys: readonly string[]): Promise<Answer> {
  const labels = keys.flatMap((key) => call.repository.labels.get(key) ?? []);
  return pageAnswer(call, labels, (label) => toLabel(call.store, call.repository, label));
}

function toLabel(
  store: Store,
  repository: Repository,
  { id, name, color, description }: Label,
): Readonly<Record<string, unknown>> {
  const url = `${apiUrl(store, repository)}/labels/${encodeURIComponent(name)}`;
  return { id, node_id: `LA_${id}`, url, name, color, description: description ?? null, default: false };
}
