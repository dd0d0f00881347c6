export interface PageParts {
  /** The source that the editor gives the view's own files. */
  cspSource: string;
  nonce: string;
  scriptUri: string;
  styleUri: string;
  /** Kept in the page, so that the view can hand it back after a reload. */
  folder: string;
}

/** The page of the runs view: an empty frame. Only its own style and its own script may run, and nothing may be fetched. */
export function runsPage({ cspSource, nonce, scriptUri, styleUri, folder }: PageParts): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CodeTuner Runs</title>
<link rel="stylesheet" href="${attribute(styleUri)}">
</head>
<body data-folder="${attribute(folder)}">
<header><div id="header"></div><div id="controls"></div></header>
<p id="announcement" class="visually-hidden" role="status" aria-live="polite"></p>
<div class="columns">
<nav id="runs" aria-label="Runs"></nav>
<main id="details" tabindex="-1" aria-label="Details of the run"></main>
</div>
<script nonce="${nonce}" src="${attribute(scriptUri)}"></script>
</body>
</html>`;
}

function attribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');
}
