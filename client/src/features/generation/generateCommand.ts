import { protocolPlace, supportedEditor } from '../../infrastructure/activeEditor';
import { registerCommand } from '../../infrastructure/commands';
import { applyGeneratedEdit } from '../../infrastructure/generatedEdit';
import { requestWithProgress } from '../../infrastructure/progressRequest';
import { Requests, type GeneratedEdit } from '../../infrastructure/protocol';
import type { Session } from '../../infrastructure/session';

/** Writes the code that the comment at the cursor asks for. */
export function registerGenerate(session: Session): void {
  registerCommand(session, 'codetuner.generateFromComment', async () => {
    const editor = supportedEditor();
    const place = protocolPlace(editor);
    const result = await requestWithProgress<GeneratedEdit>(session, 'generating from the comment', Requests.generateFromComment, place);
    await applyGeneratedEdit(
      editor,
      result,
      'The model wrote nothing for this comment. Put the cursor into a comment, or on the line below it.',
    );
  });
}
