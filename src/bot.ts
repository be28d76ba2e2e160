import type { Probot } from "probot";
import { createMasker } from "./diff/masker.ts";
import { helpAnswer, unknownAnswer } from "./report/answer.ts";
import { createGuard } from "./report/guard.ts";
import { parseComment } from "./trigger/comment.ts";

/** The bot's Probot app. It holds no cluster credential: it answers and, later, starts workflow runs. */
export function bot(app: Probot): void {
  const guard = createGuard(createMasker());
  app.on("issue_comment.created", async (context) => {
    const { comment } = context.payload;
    const command = comment.user?.type === "Bot" ? undefined : parseComment(comment.body);
    if (command === undefined) return;
    const isHelp = command.kind === "known" && command.verb === "help";
    const answer = isHelp ? helpAnswer() : unknownAnswer(command.kind === "known" ? command.verb : command.word);
    await context.octokit.rest.issues.createComment(context.issue({ body: guard.markdown(answer) }));
  });
}
