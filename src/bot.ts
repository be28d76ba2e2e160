import type { Probot } from "probot";

const HELP = [
  "| command | what it does |",
  "| --- | --- |",
  "| `/plumb help` | this table |",
  "",
  "Plans and applies are run by the workflow of this repository.",
].join("\n");

/** The bot's Probot app. It holds no cluster credential: it answers and, later, starts workflow runs. */
export function bot(app: Probot): void {
  app.on("issue_comment.created", async (context) => {
    const { comment, sender } = context.payload;
    if (sender.type === "Bot" || !/^\/plumb help[ \t]*(?:\r?\n|$)/.test(comment.body)) return;
    await context.octokit.rest.issues.createComment(context.issue({ body: HELP }));
  });
}
