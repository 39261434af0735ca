import { calledName, isCaught, isFunction, type Node, ownNodes, resolve, type Source } from './source.ts'

/** A place where an error could end the process unheard. */
export interface Finding {
  readonly place: string
  readonly what: string
}

/** What a comment must say where the rules cannot see it; the reason stands beside it. */
const vouched = /never (throws|rejects)/i

/**
 * Connections and threads whose 'error' event ends the process if nobody listens, by the package they come
 * from.
 */
const emitters: Readonly<Record<string, readonly string[]>> = {
  pg: ['Client', 'Pool'],
  ioredis: ['Redis', 'Cluster'],
  bullmq: ['Worker', 'Queue', 'QueueEvents', 'FlowProducer'],
  'node:worker_threads': ['Worker'],
}

const timers = ['setInterval', 'setTimeout', 'setImmediate', 'queueMicrotask', 'nextTick']
const subscriptions = ['on', 'once', 'addListener', 'prependListener', 'addEventListener', 'onLapse', 'watch']

/** Events that carry what others wrote: nothing about it may be taken for granted. */
const dataEvents = ['message', 'messageBuffer', 'pmessage', 'notification']

/**
 * Calls that do not throw, whatever they are given here: of the language, of timers, promises, sockets, sets,
 * and our logger.
 */
const quiet = new Set([
  ...[
    'clearTimeout',
    'clearInterval',
    'clearImmediate',
    ...timers,
    'now',
    'Number',
    'String',
    'Boolean',
    'random',
  ],
  ...[
    'floor',
    'ceil',
    'round',
    'min',
    'max',
    'resolve',
    'reject',
    'withResolvers',
    'then',
    'catch',
    'finally',
  ],
  ...[
    'add',
    'delete',
    'get',
    'set',
    'has',
    'clear',
    'push',
    'shift',
    'splice',
    'slice',
    'filter',
    'map',
    'values',
    'keys',
  ],
  ...[
    'entries',
    'includes',
    'some',
    'every',
    'find',
    'join',
    'startsWith',
    'concat',
    'reverse',
    'sort',
    'from',
  ],
  // A body's stream, and what Fastify hands over to say that it has been read.
  ...['toString', 'resume', 'done', 'split', 'flush'],
  ...[
    'abort',
    'destroy',
    'disconnect',
    'unref',
    'on',
    'once',
    'off',
    'removeListener',
    'removeEventListener',
  ],
  ...['debug', 'info', 'warn', 'error', 'fatal', 'Date', 'Map', 'Set', 'Error', 'AbortController'],
])

/** Everything in a file that the rules object to. */
export function findUnheard(source: Source): Finding[] {
  return [...silentEmitters(source), ...floatingPromises(source), ...throwingCallbacks(source)]
}

function finding(source: Source, node: Node, what: string): Finding {
  return { place: `${source.file}:${source.lineOf(node)}`, what }
}

// --- Connections ---

function silentEmitters(source: Source): Finding[] {
  const imported = importedEmitters(source)
  return source.nodes.flatMap(node => {
    const name = node.type === 'NewExpression' ? imported.get(textOf(node.callee)) : duplicate(node)
    if (name === undefined || source.saidOf(node, vouched)) return []
    const holder = holderOf(node)
    if (holder === undefined)
      return [finding(source, node, `new ${name} that nothing holds, so nobody can listen`)]
    if (!listensTo(source, holder, 'error'))
      return [finding(source, node, `${name} without a listener for 'error'`)]
    // Of a pool's connections only the idle ones are the pool's to hear.
    if (name === 'pg Pool' && !listensTo(source, holder, 'connect')) {
      return [finding(source, node, `${name} whose connections in use have no listener for 'error'`)]
    }
    return []
  })
}

function importedEmitters(source: Source): Map<string, string> {
  const names = new Map<string, string>()
  for (const node of source.nodes) {
    if (node.type !== 'ImportDeclaration') continue
    const classes = emitters[node.source.value] ?? []
    for (const { type, local, imported } of node.specifiers) {
      for (const name of classes) {
        const label = `${String(node.source.value).replace('node:', '')} ${name}`
        if (type === 'ImportSpecifier' && imported.name === name) names.set(local.name, label)
        if (type !== 'ImportSpecifier') names.set(`${local.name}.${name}`, label)
      }
    }
  }
  return names
}

function duplicate(node: Node): string | undefined {
  const isOne = node.type === 'CallExpression' && calledName(node.callee) === 'duplicate'
  return isOne && node.arguments.length === 0 ? 'duplicate of a connection' : undefined
}

function textOf(node: Node): string {
  if (node.type === 'Identifier') return node.name
  return node.type === 'MemberExpression' ? `${textOf(node.object)}.${node.property.name}` : ''
}

/** The variable or field that a value is given to. */
function holderOf(node: Node): string | undefined {
  const { parent } = node
  if (parent?.type === 'VariableDeclarator') return parent.id.name
  if (parent?.type === 'AssignmentExpression') return calledName(parent.left)
  if (['TSAsExpression', 'AwaitExpression', 'ConditionalExpression'].includes(parent?.type ?? ''))
    return holderOf(parent!)
  return undefined
}

/** `holder.on(event, …)` in this file, or in a function of this file that the holder is given to. */
function listensTo(source: Source, holder: string, event: string): boolean {
  return source.nodes.some(node => {
    if (node.type !== 'CallExpression') return false
    const { callee, arguments: args } = node
    if (callee.type === 'MemberExpression' && calledName(callee) === 'on') {
      return args[0]?.value === event && [holder, `#${holder}`].includes(calledName(callee.object) ?? '')
    }
    const called = resolve(source, callee)
    const index = args.findIndex((arg: Node) => arg.type === 'Identifier' && arg.name === holder)
    const parameter = index === -1 ? undefined : called?.params[index]?.name
    return parameter !== undefined && parameter !== holder && listensTo(source, parameter, event)
      ? true
      : parameter === holder &&
          called !== undefined &&
          ownNodes(called).some(own => isListener(own, holder, event))
  })
}

function isListener(node: Node, holder: string, event: string): boolean {
  return (
    node.type === 'CallExpression' &&
    node.callee.type === 'MemberExpression' &&
    calledName(node.callee) === 'on' &&
    calledName(node.callee.object) === holder &&
    node.arguments[0]?.value === event
  )
}

// --- Promises that nobody awaits ---

function floatingPromises(source: Source): Finding[] {
  return source.nodes.flatMap(node => {
    if (node.type !== 'UnaryExpression' || node.operator !== 'void') return []
    if (node.argument.type !== 'CallExpression') return []
    // `() => void listeners.push(listener)`: no promise, only no value.
    if (['push', 'add', 'delete', 'set', ...timers].includes(calledName(node.argument.callee) ?? ''))
      return []
    // A Fastify reply can be awaited, and reports what fails itself.
    if (calledName(node.argument.callee) === 'send' && headOf(node.argument) === 'reply') return []
    return endsQuietly(source, node.argument) || source.saidOf(node, vouched)
      ? []
      : [finding(source, node, 'a promise that nobody awaits, without catch')]
  })
}

function headOf(node: Node): string | undefined {
  if (node.type === 'CallExpression') return headOf(node.callee)
  return node.type === 'MemberExpression' ? headOf(node.object) : calledName(node)
}

/** A chain whose last handler is a catch, or a function that rejects never. */
function endsQuietly(source: Source, call: Node): boolean {
  const name = calledName(call.callee)
  if (call.callee.type === 'MemberExpression') {
    if (name === 'catch' || (name === 'then' && call.arguments.length === 2)) return true
    if (name === 'finally' && call.callee.object.type === 'CallExpression')
      return endsQuietly(source, call.callee.object)
  }
  const called = resolve(source, call.callee)
  if (called === undefined) return false
  if (source.saidOf(declarationOf(called), vouched)) return true
  return called.async ? loudNodes(source, called, new Set()).length === 0 : returnsNothing(called)
}

const returnsNothing = (fn: Node) =>
  fn.body.type === 'BlockStatement' &&
  !ownNodes(fn).some(node => node.type === 'ReturnStatement' && node.argument)

function declarationOf(fn: Node): Node {
  return fn.parent !== undefined &&
    /^(VariableDeclarator|MethodDefinition|PropertyDefinition)$/.test(fn.parent.type)
    ? fn.parent.type === 'VariableDeclarator'
      ? fn.parent.parent!
      : fn.parent
    : fn
}

// --- Timers and listeners ---

function throwingCallbacks(source: Source): Finding[] {
  return source.nodes.flatMap(node => {
    if (node.type !== 'CallExpression') return []
    const name = calledName(node.callee)
    const isTimer = timers.includes(name ?? '')
    const isSubscription = subscriptions.includes(name ?? '') && node.callee.type === 'MemberExpression'
    if (!isTimer && !isSubscription) return []
    const callback = node.arguments.find((arg: Node) => resolve(source, arg) !== undefined)
    const fn = resolve(source, callback)
    if (fn === undefined || source.saidOf(node, vouched) || source.saidOf(declarationOf(fn), vouched))
      return []
    const label = isTimer ? name! : `${name}(${JSON.stringify(node.arguments[0]?.value ?? '…')})`
    if (fn.async && ownNodes(fn).some(own => own.type === 'AwaitExpression' && !isCaught(own, fn))) {
      return [finding(source, node, `${label}: an async callback whose rejection nobody hears`)]
    }
    if (
      isSubscription &&
      hearsOthers(source) &&
      dataEvents.includes(node.arguments[0]?.value) &&
      !handlesData(source, fn)
    ) {
      return [finding(source, node, `${label}: what others wrote is read outside of try and catch`)]
    }
    return loudNodes(source, fn, new Set()).map(loud =>
      finding(source, loud, `${label}: ${textOf(loud.callee) || 'a call'} may throw`),
    )
  })
}

/** Messages of threads are our own. */
function hearsOthers(source: Source): boolean {
  return !source.nodes.some(
    node => node.type === 'ImportDeclaration' && node.source.value === 'node:worker_threads',
  )
}

/**
 * All it does outside of try and catch is to look whether the message is for it, and to call what is given
 * nothing of it.
 */
function handlesData(source: Source, fn: Node): boolean {
  return ownNodes(fn).every(node => {
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return true
    // In its catch block it says so, or forgets what it knew.
    if (
      isWithin(node, 'CatchClause', fn) &&
      (quiet.has(calledName(node.callee) ?? '') || node.arguments.length === 0)
    )
      return true
    if (isCaught(node, fn) || ['Number', 'toString', 'now'].includes(calledName(node.callee) ?? ''))
      return true
    return node.arguments.length === 0 && resolve(source, node.callee) !== undefined
  })
}

function isWithin(node: Node, type: string, fn: Node): boolean {
  for (let at: Node | undefined = node; at !== undefined && at !== fn; at = at.parent)
    if (at.type === type) return true
  return false
}

/** The calls of a function, and of those of this file that it calls, that may throw out of it. */
function loudNodes(source: Source, fn: Node, seen: Set<Node>): Node[] {
  if (seen.has(fn)) return []
  seen.add(fn)
  return ownNodes(fn).flatMap(node => {
    if (node.type === 'ThrowStatement') return isCaught(node, fn) ? [] : [{ ...node, callee: node } as Node]
    if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return []
    if (isCaught(node, fn) || source.saidOf(node, vouched)) return []
    const called = resolve(source, node.callee)
    // An async function throws nothing; what becomes of its promise is the other rule's.
    if (called !== undefined) {
      const awaited = node.parent?.type === 'AwaitExpression'
      if (source.saidOf(declarationOf(called), vouched) || (called.async && !awaited)) return []
      return loudNodes(source, called, seen)
    }
    if (node.parent?.type === 'AwaitExpression' && !isFunction(node.callee)) return [node]
    // The head of a chain that ends in a catch: our clients answer by a promise, not by throwing.
    if (isHeadOfChain(node)) return []
    const name = calledName(node.callee) ?? ''
    return quiet.has(name) || (node.type === 'NewExpression' && name.endsWith('Error')) ? [] : [node]
  })
}

function isHeadOfChain(node: Node): boolean {
  const { parent } = node
  if (parent?.type !== 'MemberExpression' || parent.object !== node) return false
  return ['then', 'catch', 'finally'].includes(calledName(parent) ?? '')
}
