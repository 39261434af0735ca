// Foreign code in a guarded process: what it tries, and what becomes of it.
import { createLogger, createRegistry, guardPrototypes, securityEvents } from '../src/index.ts'
import { watchPrototypes } from '../src/watch-prototypes.ts'

guardPrototypes()
const logger = createLogger({ name: 'test', level: 'info' })
const registry = createRegistry({ app: 'test' })
const say = (name: string, value: unknown) => process.stdout.write(`${name} ${value}\n`)
const outcomeOf = (attempt: () => void) => {
  try {
    attempt()
    return 'done'
  } catch (error) {
    return (error as Error).name
  }
}
// As a careless deep merge does with JSON of a user.
const merge = (into: Record<string, unknown>, from: Record<string, unknown>) => {
  for (const [key, value] of Object.entries(from)) {
    if (typeof value === 'object' && value !== null && into[key] !== undefined)
      merge(into[key] as never, value as never)
    else into[key] = value
  }
}
say(
  'merge',
  outcomeOf(() => merge({}, JSON.parse('{"__proto__":{"isAdmin":true}}'))),
)
say(
  'constructor',
  outcomeOf(() => merge({}, { constructor: { prototype: { isAdmin: true } } })),
)
say('isAdmin', ({} as { isAdmin?: boolean }).isAdmin)
say('literal', Object.getPrototypeOf({ __proto__: Array.prototype }) === Array.prototype)

const watch = watchPrototypes({
  logger,
  registry,
  security: securityEvents({ logger, registry }),
  everyMs: 10,
})
;(Array.prototype as { last?: unknown }).last = () => undefined
Object.prototype.toString = () => 'changed'
setTimeout(async () => {
  watch.close()
  say('metric', (await registry.metrics()).match(/^botyard_changed_prototypes\S* \d+$/m))
  logger.flush()
}, 100)
