export interface Folder {
  name: string;
  /** A URI, as the server gets it. */
  uri: string;
}

export type FolderChoice<F extends Folder> = { kind: 'none' } | { kind: 'one'; folder: F } | { kind: 'ask'; folders: readonly F[] };

/** The folder that a command is for: the only one, the named one, the one of the active editor, or the user has to say. */
export function chooseFolder<F extends Folder>(folders: readonly F[], active: string | undefined, named?: string): FolderChoice<F> {
  const wanted = named ?? active;
  const found = folders.find((folder) => folder.uri === wanted);
  if (found) return { kind: 'one', folder: found };
  const [first] = folders;
  if (!first) return { kind: 'none' };
  return folders.length === 1 ? { kind: 'one', folder: first } : { kind: 'ask', folders };
}
