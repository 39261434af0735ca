import { readFileSync } from 'node:fs'
import { parseSync } from 'oxc-parser'

/** A node of the syntax tree, with the one above it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly parent: Node | undefined
  // biome-ignore lint/suspicious/noExplicitAny: the tree has some hundred kinds of nodes.
  readonly [field: string]: any
}

/** A parsed file, and what the rules ask of it. */
export interface Source {
  readonly file: string
  readonly nodes: readonly Node[]
  /**
   * The functions of this file by name: declarations, constants, methods and fields (`#name` for private
   * ones).
   */
  readonly functions: ReadonlyMap<string, Node>
  /** Whether a comment on the node's own line, or just above it, matches. */
  saidOf(node: Node, pattern: RegExp): boolean
  lineOf(node: Node): number
}

export const isFunction = (node: Node | null | undefined): boolean =>
  node != null && /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)

/** Reads and parses a file. */
export function readSource(path: string, file: string): Source {
  const text = readFileSync(path, 'utf8')
  return parseSource(text, file)
}

export function parseSource(text: string, file: string): Source {
  const { program, comments } = parseSync(file, text)
  const nodes: Node[] = []
  collect(program, undefined, nodes)
  const lineAt = (offset: number) => text.slice(0, offset).split('\n').length
  const said = comments.map(({ value, start, end }) => ({ value, from: lineAt(start), to: lineAt(end) }))
  return {
    file,
    nodes,
    functions: functionsOf(nodes),
    saidOf: (node, pattern) => {
      const line = lineAt(node.start)
      return said.some(({ value, from, to }) => (to === line - 1 || from === line) && pattern.test(value))
    },
    lineOf: node => lineAt(node.start),
  }
}

function collect(value: unknown, parent: Node | undefined, nodes: Node[]): void {
  if (Array.isArray(value)) for (const item of value) collect(item, parent, nodes)
  else if (typeof value === 'object' && value !== null && 'type' in value) {
    const node = Object.assign(value, { parent }) as unknown as Node
    nodes.push(node)
    for (const [name, child] of Object.entries(node)) if (name !== 'parent') collect(child, node, nodes)
  }
}

function functionsOf(nodes: readonly Node[]): Map<string, Node> {
  const functions = new Map<string, Node>()
  for (const node of nodes) {
    if (node.type === 'FunctionDeclaration' && node.id) functions.set(node.id.name, node)
    if (node.type === 'VariableDeclarator' && isFunction(node.init)) functions.set(node.id.name, node.init)
    if (node.type === 'Property' && isFunction(node.value)) functions.set(node.key.name, node.value)
    if ((node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') && isFunction(node.value)) {
      functions.set(`${node.key.type === 'PrivateIdentifier' ? '#' : ''}${node.key.name}`, node.value)
    }
  }
  return functions
}

/** The last word of what is called: `resolve`, `#refresh` of `this.#refresh`, `warn` of `logger.warn`. */
export function calledName(callee: Node): string | undefined {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type === 'ChainExpression') return calledName(callee.expression)
  if (callee.type !== 'MemberExpression') return undefined
  return callee.property.type === 'PrivateIdentifier' ? `#${callee.property.name}` : callee.property.name
}

/** The function of this file that a callee or an argument stands for. */
export function resolve(source: Source, node: Node | undefined): Node | undefined {
  if (node === undefined) return undefined
  if (isFunction(node)) return node
  const isOurs =
    node.type === 'Identifier' || (node.type === 'MemberExpression' && node.object.type === 'ThisExpression')
  return isOurs ? source.functions.get(calledName(node) ?? '') : undefined
}

/** What runs when the function is called: its nodes without those of functions within it. */
export function ownNodes(fn: Node): Node[] {
  const own: Node[] = []
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (typeof value === 'object' && value !== null && 'type' in value) {
      own.push(value as Node)
      if (isFunction(value as Node)) return
      for (const [name, child] of Object.entries(value)) if (name !== 'parent') visit(child)
    }
  }
  visit(fn.body)
  return own
}

/** Whether what the node throws is caught before it leaves the function. */
export function isCaught(node: Node, fn: Node): boolean {
  for (let at: Node = node; at.parent !== undefined && at !== fn; at = at.parent) {
    if (at.parent.type === 'TryStatement' && at.parent.block === at && at.parent.handler) return true
  }
  return false
}
