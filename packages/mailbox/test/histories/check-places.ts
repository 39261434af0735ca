import assert from 'node:assert/strict'
import {
  type BoxName,
  botOf,
  type boxNames,
  type ConversationKey,
  partitionTag,
} from '@botyard/queue-contracts'
import type { Redis } from 'ioredis'
import { boxBase } from '../../src/redis/keys.ts'

/** Everything that a partition has of its mail, read in one script, so that nothing moves meanwhile. */
const readAll = `
local found = {}
for _, key in ipairs(redis.call('KEYS', ARGV[1] .. ':mb:*')) do
  local kind = redis.call('TYPE', key).ok
  local value
  if string.find(key, ':m:', 1, true) then
    local bytes = 0
    local entries = redis.call('LRANGE', key, '0', '-1')
    for _, entry in ipairs(entries) do bytes = bytes + #entry end
    value = { tostring(#entries), tostring(bytes) }
  elseif kind == 'list' then value = redis.call('LRANGE', key, '0', '-1')
  elseif kind == 'set' then value = redis.call('SMEMBERS', key)
  elseif kind == 'hash' then value = redis.call('HGETALL', key)
  elseif kind == 'zset' then value = redis.call('ZRANGE', key, '0', '-1', 'WITHSCORES')
  else value = { redis.call('GET', key) } end
  found[#found + 1] = { key, value }
end
return { found, redis.call('ZRANGE', ARGV[1] .. ':processes', '0', '-1') }`

/** How exactly a look is taken. */
export interface CheckOptions {
  readonly partition?: number
  /** Conversations with entries of different sizes were parked: their share of the bytes is an estimate. */
  readonly roughBytes?: boolean
}

/** In which place each conversation with mail is: `run`, `bulk`, `delayed`, `parked` or `hold <process>`. */
export type PlacesFound = Record<BoxName, ReadonlyMap<ConversationKey, string>>

/**
 * Asserts the invariant of `lua/common.lua` on a partition as it is right now; answers where everything is.
 */
export async function checkPlaces(redis: Redis, options: CheckOptions = {}): Promise<PlacesFound> {
  const { partition = 0, roughBytes = false } = options
  const [found, processes] = (await redis.eval(readAll, 0, partitionTag(partition))) as [
    [string, string[]][],
    string[],
  ]
  const keys = new Map(found)
  const check = (box: BoxName) =>
    checkBox(new View(keys, `${boxBase(partition, box)}:`), box, processes, roughBytes)
  return { inbox: check('inbox'), outbox: check('outbox') } satisfies Record<
    (typeof boxNames)[number],
    unknown
  >
}

function checkBox(view: View, box: BoxName, processes: readonly string[], roughBytes: boolean) {
  const mail = view.under('m:')
  const places = new Map<ConversationKey, string>()
  const put = (c: string, place: string) => {
    assert.ok(
      !places.has(c as ConversationKey),
      `${box} ${c} is in ${places.get(c as ConversationKey)} and in ${place}`,
    )
    assert.ok(mail.has(c), `${box} ${c} is in ${place} without mail`)
    places.set(c as ConversationKey, place)
  }
  const held = new Map<string, string[]>()
  for (const kind of ['run', 'bulk'] as const) {
    for (const [bot, names] of view.under(`${kind}:`)) {
      for (const c of names) {
        put(c, kind)
        assert.equal(botOf(c as ConversationKey), bot, `${box} ${c} is in the line of ${bot}`)
      }
    }
  }
  for (const [process] of view.under('hold:')) {
    assert.ok(
      processes.includes(process),
      `${box}: the takeover does not know ${process}, which holds something`,
    )
    for (const [c] of view.hash(`hold:${process}`)) {
      put(c, `hold ${process}`)
      const bot = botOf(c as ConversationKey)
      held.set(bot, [...(held.get(bot) ?? []), c])
    }
  }
  for (const kind of ['delayed', 'parked'] as const) for (const [c] of view.hash(kind)) put(c, kind)
  for (const c of mail.keys())
    assert.ok(places.has(c as ConversationKey), `${box} ${c} has mail and is in no place`)

  checkSums(view, box, mail, places, roughBytes)
  checkRotation(view, box, held)
  const parked = [...places].flatMap(([c, place]) => (place === 'parked' ? [c] : []))
  assert.deepEqual(
    [...view.hash('reasons').keys()].sort(),
    parked.sort(),
    `${box}: reasons of what is parked`,
  )
  for (const [c] of view.hash('trouble'))
    assert.ok(mail.has(c), `${box}: trouble is known of ${c}, which has no mail`)
  return places
}

/** Entries and bytes per bot, parked ones apart. */
function checkSums(
  view: View,
  box: BoxName,
  mail: ReadonlyMap<string, string[]>,
  places: ReadonlyMap<ConversationKey, string>,
  roughBytes: boolean,
): void {
  const sums: Record<string, Record<string, number>> = {
    count: {},
    bytes: {},
    'parked-count': {},
    'parked-bytes': {},
  }
  const add = (sum: string, bot: string, n: number) => {
    sums[sum]![bot] = (sums[sum]![bot] ?? 0) + n
  }
  for (const [c, [entries, bytes]] of mail) {
    const prefix = places.get(c as ConversationKey) === 'parked' ? 'parked-' : ''
    add(`${prefix}count`, botOf(c as ConversationKey), Number(entries))
    add(`${prefix}bytes`, botOf(c as ConversationKey), Number(bytes))
  }
  for (const [name, expected] of Object.entries(sums)) {
    if (roughBytes && name.endsWith('bytes')) continue
    const stored = Object.fromEntries([...view.hash(name)].map(([bot, n]) => [bot, Number(n)]))
    assert.deepEqual(stored, expected, `${box}: ${name} per bot`)
  }
}

/**
 * A bot is in the rotation of its group, and of no other, if it has something ready and may run it, and only
 * then; what it holds is known if it has a cap.
 */
function checkRotation(view: View, box: BoxName, held: ReadonlyMap<string, string[]>): void {
  const blocks = view.hash('blocks')
  const rotation = new Map<string, string>()
  for (const group of ['', ...view.under('bots@').keys()]) {
    for (const bot of view.hash(group === '' ? 'bots' : `bots@${group}`).keys()) {
      assert.equal(group, blocks.get(`group ${bot}`) ?? '', `${box}: the rotation that ${bot} is in`)
      rotation.set(bot, group)
    }
  }
  const lines = [...view.under('run:').keys(), ...view.under('bulk:').keys()]
  for (const bot of new Set([...rotation.keys(), ...lines])) {
    const cap = Number(blocks.get(`cap ${bot}`) ?? Number.POSITIVE_INFINITY)
    const isBlocked = blocks.has(`full ${bot}`) || blocks.has(`paused ${bot}`)
    const mayRun = !isBlocked && (held.get(bot)?.length ?? 0) < cap
    const state = `${box} ${bot}: ready ${lines.includes(bot)}, blocked ${isBlocked}, held ${held.get(bot)}, cap ${cap}`
    assert.equal(rotation.has(bot), lines.includes(bot) && mayRun, `in the rotation, ${state}`)
  }
  const capped = [...blocks.keys()].flatMap(name => (name.startsWith('cap ') ? [name.slice(4)] : []))
  for (const bot of capped) {
    const expected = (held.get(bot) ?? []).sort()
    assert.deepEqual([...view.list(`held:${bot}`)].sort(), expected, `${box}: what ${bot} holds, for its cap`)
  }
  for (const bot of view.under('held:').keys())
    assert.ok(capped.includes(bot), `${box}: held:${bot} without a cap`)
  const ends = [...blocks].flatMap(([name, until]) =>
    name.startsWith('paused ') && until !== '0' ? [name.slice(7)] : [],
  )
  assert.deepEqual([...view.hash('resume').keys()].sort(), ends.sort(), `${box}: bots whose pause ends`)
}

/** The keys of one box. */
class View {
  readonly #keys: ReadonlyMap<string, string[]>
  readonly #base: string

  constructor(keys: ReadonlyMap<string, string[]>, base: string) {
    this.#keys = keys
    this.#base = base
  }

  list(name: string): readonly string[] {
    return this.#keys.get(this.#base + name) ?? []
  }

  /** A hash, or a sorted set with its scores. */
  hash(name: string): Map<string, string> {
    const flat = this.list(name)
    return new Map(flat.flatMap((key, i) => (i % 2 === 0 ? [[key, flat[i + 1]!] as const] : [])))
  }

  /** All keys that begin so, by what follows. */
  under(prefix: string): Map<string, string[]> {
    const start = this.#base + prefix
    return new Map(
      [...this.#keys].flatMap(([key, value]) =>
        key.startsWith(start) ? [[key.slice(start.length), value] as const] : [],
      ),
    )
  }
}
