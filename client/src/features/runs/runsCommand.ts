import { registerCommand } from '../../infrastructure/commands';
import { folderFor } from '../../infrastructure/folders';
import type { Session } from '../../infrastructure/session';
import { RunsPanels } from './runsPanel';

/** Opens the view of a folder's runs, and brings it back when the window is reloaded. */
export function registerRuns(session: Session): void {
  const panels = new RunsPanels(session);
  registerCommand(session, 'codetuner.showRuns', async (named, run) => {
    const folder = await folderFor('Show runs', named);
    panels.show(folder, typeof run === 'string' ? run : undefined);
  });
}
