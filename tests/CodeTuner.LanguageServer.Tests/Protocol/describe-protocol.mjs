// Describes the Language Server Protocol as vscode-languageserver-protocol declares it, in the version that the extension speaks.
// Prints JSON:
//   types     name → { properties } for an object, { is } for any other;
//             with { constants: name → value } where the package gives its values names
//   messages  method → { kind: 'request' | 'notification', direction, params, result }
// where properties is name → { optional, type }, and a type is one of
//   { kind: 'string' | 'boolean' | 'integer' | 'uinteger' | 'decimal' | 'number' | 'null' | 'void' | 'any' }
//   { kind: 'literal', value }  { kind: 'array', element }  { kind: 'map', element }  { kind: 'union', of }
//   { kind: 'object', properties }  { kind: 'reference', name }  { kind: 'other', text } for what no message is made of.
import { createRequire } from 'node:module';
import ts from 'typescript';

// Looked up from the client, whose dependency it is.
const client = createRequire(createRequire(import.meta.url).resolve('vscode-languageclient/node'));
const entry = client.resolve('vscode-languageserver-protocol/node');
const runtime = client(entry);

const program = ts.createProgram([entry.replace(/\.js$/, '.d.ts')], {
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  strict: true,
  types: [],
});
const checker = program.getTypeChecker();
const packages = ['vscode-jsonrpc', 'vscode-languageserver-types', 'vscode-languageserver-protocol'];
const files = program.getSourceFiles().filter((file) => packages.some((name) => file.fileName.includes(`/node_modules/${name}/`)));
for (const name of packages)
  if (!files.some((file) => file.fileName.includes(`/node_modules/${name}/`)))
    throw new Error(`${name} is not among the files that ${entry} declares.`);

const numbers = new Set(['integer', 'uinteger', 'decimal']);
const keywords = new Map([
  [ts.SyntaxKind.StringKeyword, 'string'],
  [ts.SyntaxKind.NumberKeyword, 'number'],
  [ts.SyntaxKind.BooleanKeyword, 'boolean'],
  [ts.SyntaxKind.AnyKeyword, 'any'],
  [ts.SyntaxKind.UnknownKeyword, 'any'],
  [ts.SyntaxKind.ObjectKeyword, 'any'],
  [ts.SyntaxKind.VoidKeyword, 'void'],
  [ts.SyntaxKind.UndefinedKeyword, 'void'],
  [ts.SyntaxKind.NeverKeyword, 'void'],
]);

// Types are read from how they are written, because the compiler's own view forgets what an alias is called: uinteger is number to it.
function describe(node) {
  if (keywords.has(node.kind)) return { kind: keywords.get(node.kind) };
  if (ts.isParenthesizedTypeNode(node) || ts.isTypeOperatorNode(node)) return describe(node.type);
  if (ts.isArrayTypeNode(node)) return { kind: 'array', element: describe(node.elementType) };
  if (ts.isUnionTypeNode(node)) return { kind: 'union', of: node.types.map(describe) };
  if (ts.isIntersectionTypeNode(node)) return { kind: 'object', properties: properties(node) };
  if (ts.isLiteralTypeNode(node) || ts.isTypeQueryNode(node)) return literal(node);
  if (ts.isTypeReferenceNode(node)) return reference(node);
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? { kind: 'map', element: describe(index.type) } : { kind: 'object', properties: properties(node) };
  }
  return { kind: 'other', text: node.getText() };
}

function literal(node) {
  if (ts.isLiteralTypeNode(node) && node.literal.kind === ts.SyntaxKind.NullKeyword) return { kind: 'null' };
  const type = checker.getTypeFromTypeNode(node);
  return type.isStringLiteral() || type.isNumberLiteral()
    ? { kind: 'literal', value: type.value }
    : { kind: 'other', text: node.getText() };
}

function reference(node) {
  let symbol = checker.getSymbolAtLocation(ts.isQualifiedName(node.typeName) ? node.typeName.right : node.typeName);
  if (symbol.flags & ts.SymbolFlags.Alias) symbol = checker.getAliasedSymbol(symbol);
  if (symbol.flags & ts.SymbolFlags.TypeParameter || symbol.name === 'LSPAny') return { kind: 'any' };
  if (numbers.has(symbol.name)) return { kind: symbol.name };
  return { kind: 'reference', name: symbol.name };
}

// Inherited and intersected ones too.
function properties(node) {
  const found = {};
  for (const property of checker.getPropertiesOfType(checker.getTypeAtLocation(node))) {
    const types = property.declarations.map((d) =>
      ts.isPropertySignature(d) && d.type ? describe(d.type) : { kind: 'other', text: d.getText() },
    );
    const same = types.every((type) => JSON.stringify(type) === JSON.stringify(types[0]));
    found[property.name] = {
      optional: (property.flags & ts.SymbolFlags.Optional) !== 0,
      type: same ? types[0] : { kind: 'other', text: property.declarations.map((d) => d.getText()).join(' & ') },
    };
  }
  return found;
}

function constants(name) {
  const values = runtime[name];
  const named = Object.entries(values ?? {}).filter(([, value]) => typeof value === 'number' || typeof value === 'string');
  return named.length ? Object.fromEntries(named) : undefined;
}

// A namespace that holds a message's method, direction and type.
function message(namespace) {
  const body = namespace.body;
  if (!body || !ts.isModuleBlock(body)) return undefined;
  const type = body.statements
    .filter(ts.isVariableStatement)
    .flatMap((statement) => [...statement.declarationList.declarations])
    .find((declaration) => declaration.name.getText() === 'type')?.type;
  const form = type && ts.isTypeReferenceNode(type) ? /^Protocol(Request|Notification)Type(0?)$/.exec(type.typeName.getText()) : null;
  if (!form) return undefined;
  const { method, messageDirection } = runtime[namespace.name.text];
  if (!method || !messageDirection) return undefined; // a registration's type
  const args = type.typeArguments.map(describe);
  return [
    method,
    {
      kind: form[1].toLowerCase(),
      direction: messageDirection,
      params: form[2] ? { kind: 'void' } : args.shift(),
      result: form[1] === 'Request' ? args.shift() : { kind: 'void' },
    },
  ];
}

// What every JSON-RPC connection has. The package implements these two and declares neither.
// https://microsoft.github.io/language-server-protocol/specifications/lsp/3.18/specification/#cancelRequest and #progress
const undeclared = {
  types: {
    CancelParams: {
      properties: { id: { optional: false, type: { kind: 'union', of: [{ kind: 'integer' }, { kind: 'string' }] } } },
    },
  },
  messages: {
    '$/cancelRequest': notification('CancelParams'),
    '$/progress': notification('ProgressParams'),
  },
};

function notification(params) {
  return { kind: 'notification', direction: 'both', params: { kind: 'reference', name: params }, result: { kind: 'void' } };
}

const description = { types: {}, messages: {} };
for (const file of files) {
  for (const statement of file.statements) {
    if (ts.isInterfaceDeclaration(statement)) {
      add(statement.name.text, { properties: properties(statement) });
    } else if (ts.isTypeAliasDeclaration(statement)) {
      const type = describe(statement.type);
      add(statement.name.text, type.kind === 'object' ? { properties: type.properties } : { is: type });
    } else if (ts.isModuleDeclaration(statement)) {
      const found = message(statement);
      if (found) description.messages[found[0]] = found[1];
    }
  }
}

// Two packages may give one name to different types; a message must not hang on which is meant.
function add(name, type) {
  const described = { ...type, constants: constants(name) };
  const before = description.types[name];
  description.types[name] =
    before && JSON.stringify(before) !== JSON.stringify(described)
      ? { is: { kind: 'other', text: `more than one type is called ${name}` } }
      : described;
}

Object.assign(description.types, undeclared.types);
Object.assign(description.messages, undeclared.messages);
process.stdout.write(JSON.stringify(description));
