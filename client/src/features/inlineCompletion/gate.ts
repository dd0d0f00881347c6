import { completesLanguage, type Settings } from '../../infrastructure/settings';

export interface CursorState {
  languageId: string;
  /** Whether any of the editor's cursors selects text. */
  hasSelection: boolean;
  /** Whether the user asked by a key. */
  invoked: boolean;
}

/** Whether to ask for a completion at all: never over a selection, and where it is off only by a key. */
export function asksForCompletion(cursor: CursorState, settings: Settings): boolean {
  if (cursor.hasSelection) return false;
  return cursor.invoked || completesLanguage(settings, cursor.languageId);
}
