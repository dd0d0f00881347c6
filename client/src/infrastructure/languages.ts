/** The language ids whose documents the server gets to see. */
export const languages: readonly string[] = [
  'csharp',
  'typescript',
  'javascript',
  'typescriptreact',
  'javascriptreact',
  'python',
  'java',
  'go',
  'rust',
  'c',
  'cpp',
];
