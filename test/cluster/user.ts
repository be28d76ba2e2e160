import { randomBytes } from "node:crypto";

/** Somebody the API server knows by a token. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** A user with the token that proves it. */
export interface KnownUser extends User {
  readonly token: string;
}

/** May do everything, whatever RBAC says. */
export const ADMIN: User = { name: "admin", groups: ["system:masters"] };

/** Gives each user a fresh token. */
export function withTokens(users: readonly User[]): readonly KnownUser[] {
  return users.map((user) => ({ ...user, token: randomBytes(24).toString("hex") }));
}

/** The text of the API server's token file: one line of token, name, id and groups per user. */
export function tokenFile(users: readonly KnownUser[]): string {
  return users.map(({ token, name, groups }) => `${token},"${name}","${name}","${groups.join(",")}"\n`).join("");
}
