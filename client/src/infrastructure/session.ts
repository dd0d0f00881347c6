import type * as vscode from 'vscode';
import type { LanguageServer } from './languageServer';
import type { StatusStore } from '../features/status/statusStore';
import type { ReadSettings } from './settings';

/** What every feature gets to work with. */
export interface Session {
  readonly context: vscode.ExtensionContext;
  readonly log: vscode.LogOutputChannel;
  readonly server: LanguageServer;
  readonly status: StatusStore;
  /** The settings as they are now; `resource` decides where folders differ. */
  settings(resource?: vscode.Uri): ReadSettings;
}
