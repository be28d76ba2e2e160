import { type Answer, notFound, ok } from "./answer.ts";
import { type RepositoryCall, textIn } from "./call.ts";
import { roleOf } from "./permissions.ts";
import type { Role } from "./store.ts";
import { toUser } from "./users.ts";

export const collaboratorRoutes = { "repos/get-collaborator-permission-level": getPermission };

/** `permission` knows four words only: `maintain` shows as write, `triage` as read; `role_name` has the real one. */
const PERMISSIONS: Readonly<Record<Role, string>> = {
  admin: "admin",
  maintain: "write",
  write: "write",
  triage: "read",
  read: "read",
  none: "none",
};

function getPermission(call: RepositoryCall): Answer {
  const { store, repository } = call;
  const user = store.users.get(textIn(call, "username").toLowerCase());
  if (user === undefined) throw notFound();
  const role = roleOf(repository, user.login);
  const may = (...roles: readonly Role[]): boolean => roles.includes(role);
  return ok({
    permission: PERMISSIONS[role],
    role_name: role,
    user: {
      ...toUser(store, user),
      role_name: role,
      permissions: {
        admin: may("admin"),
        maintain: may("admin", "maintain"),
        push: may("admin", "maintain", "write"),
        triage: may("admin", "maintain", "write", "triage"),
        pull: !may("none"),
      },
    },
  });
}
