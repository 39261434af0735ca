import assert from 'node:assert/strict'
import type { Platform } from '@botyard/queue-contracts'
import type { Limit } from '../../src/index.ts'
import { nowhere } from './nowhere.ts'
import { type Subject, updatesOf } from './subject.ts'

/** Calls are answered at once unless the bot wants its own answer in the call, and always with a 2xx. */
export async function checkAnswer(subject: Subject): Promise<string> {
  const { adapter } = subject.case
  const { answer } = adapter
  if (!answer) return '200'
  const kinds = new Map<string, Set<string>>()
  for (const { updates } of updatesOf(subject)) {
    if (updates.length === 0) continue
    for (const defer of [undefined, 'public', 'ephemeral', 'none'] as const) {
      const called = answer.call(adapter, updates, defer === undefined ? {} : { defer })
      const { status } = 'now' in called ? called.now : called.fallback
      assert.ok(status >= 200 && status < 300, `an update is answered ${status}`)
      if (!('wait' in called)) continue
      const when = kinds.get(defer ?? 'public') ?? new Set()
      for (const { kind } of updates) when.add(kind)
      kinds.set(defer ?? 'public', when)
    }
  }
  const always = kinds.get('public') ?? new Set()
  const undeferred = [...(kinds.get('none') ?? [])].filter(kind => !always.has(kind))
  const parts = ['at once']
  if (always.size > 0) parts.push(`waits: ${[...always].sort().join(', ')}`)
  if (undeferred.length > 0) parts.push(`waits with \`defer: none\`: ${undeferred.sort().join(', ')}`)
  return parts.join('; ')
}

/** A broadcast's limits have names of their own, and the bot's settings go before them. */
export async function checkLimits(subject: Subject): Promise<string> {
  const { adapter, credentials } = subject.case
  const update = updatesOf(subject).flatMap(({ updates }) => updates)[0]
  assert.ok(update, 'some fixture is an update')
  if (!adapter.limits) return 'only what a 429 asks'
  const { raw: _raw, kind: _kind, sentAtMs: _sentAtMs, ...where } = update
  const message = {
    ...where,
    text: 'hi',
    bot: 'bot',
    platform: subject.platform as Platform,
    receivedAtMs: 0,
  }
  for (const bulk of [false, true]) {
    const names: string[] = adapter.limits(message, credentials, {}, bulk).map(({ name }) => name)
    assert.equal(new Set(names).size, names.length, `the names of limits differ: ${names.join(', ')}`)
    const none = { perSecond: null, perChatPerSecond: null, perGroupPerMinute: null }
    for (const limit of adapter.limits(message, credentials, none, bulk)) {
      assert.ok(
        limit.kind !== 'rate' || !/^(bot|chat:|group:)/.test(limit.name),
        `${limit.name}: null means none`,
      )
    }
  }
  for (const limit of adapter.limits(message, credentials, {}, false)) {
    assert.ok(
      limit.kind !== 'rate' || limit.name !== 'bot' || !limit.waits,
      'replies have no per-bot rate by default',
    )
  }
  return (
    adapter.limits(message, credentials, {}, true).flatMap(describeLimit).join(', ') || 'only what a 429 asks'
  )
}

/** A platform that cannot be reached leaves the webhook as it is, and says so. */
export async function checkRegistering(subject: Subject): Promise<string> {
  const { register } = subject.case.adapter
  if (!register) return 'by hand'
  const network = { dispatcher: nowhere(), signal: new AbortController().signal }
  const url = 'https://bots.example/hooks/any/bot'
  const set = await register.set(subject.case.credentials, url, {}, network)
  const check = await register.check(subject.case.credentials, url, network)
  await network.dispatcher.destroy()
  assert.deepEqual([set.state, check.state], ['unreachable', 'unreachable'])
  assert.ok(set.detail && check.detail, 'it says why')
  return 'set, check'
}

/** A platform that cannot be reached is asked again. */
export async function checkPolling(subject: Subject): Promise<string> {
  const { poll } = subject.case.adapter
  if (!poll) return 'no'
  const network = { dispatcher: nowhere(), signal: new AbortController().signal }
  const result = await poll(subject.case.credentials, undefined, network)
  await network.dispatcher.destroy()
  assert.equal(result.status, 'retry')
  return 'yes'
}

function describeLimit(limit: Limit): string[] {
  const name = limit.name.split(':')[0]
  if (limit.kind === 'window') return [`${name} as learnt`]
  if (limit.kind === 'errors') return [`${limit.max} errors in ${limit.periodMs / 60_000} min`]
  if (limit.kind === 'pause') return []
  const unit = { 1000: 's', 60000: 'min', 3600000: 'h' }[limit.periodMs] ?? `${limit.periodMs / 1000} s`
  return [`${name} ${Number(limit.count.toPrecision(4))}/${unit}`]
}
