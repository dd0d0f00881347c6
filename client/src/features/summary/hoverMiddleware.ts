import * as vscode from 'vscode';
import type { HoverMiddleware } from 'vscode-languageclient/node';

/** Asks for no summary where the user turned them off. */
export const hoverMiddleware: HoverMiddleware = {
  provideHover: (document, position, token, next) =>
    vscode.workspace.getConfiguration('codetuner', document).get('hover.enabled') === false ? undefined : next(document, position, token),
};
