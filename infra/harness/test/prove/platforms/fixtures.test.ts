import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { BotContext } from '@botyard/bot-kit'
import type { WebhookRequest, WebhookResponse } from '@botyard/platforms'
import {
  type ConformanceCase,
  checkRaw,
  createSubject,
  type ExpectedUpdate,
  loadCases,
  optionsOf,
  type Sample,
  salted,
} from '@botyard/platforms/conformance'
import type { Platform } from '@botyard/queue-contracts'
import { type Rig, startRig, until } from './rig.ts'

type Handled = Pick<BotContext, 'update' | 'raw' | 'rawText' | 'attempt'>

let rig: Rig
before(async () => {
  rig = await startRig()
})
after(() => rig.close())

for (const { platform, case: of } of await loadCases()) {
  if (!of) continue

  test(`${platform}: every fixture, called twice, is handled once, whole and under its keys, and answered the same`, async t => {
    const subject = await createSubject(platform, of)
    t.after(() => subject.close())
    const { case: started } = subject

    for (const [n, sample] of subject.samples.entries()) {
      await travels(`${platform}-${n}`, platform as Platform, started, sample)
      const odd = salted(sample)
      if (odd.request.body.equals(sample.request.body)) continue
      // With members that no platform has: a number beyond doubles, escapes and spaces in each object. A text
      // that gathers all that a form holds gathers them too.
      const request = await started.request(odd.request.body, optionsOf(sample))
      const fixtures = { ...started.fixtures, [sample.file]: withoutText(started.fixtures[sample.file]!) }
      await travels(
        `${platform}-${n}-salted`,
        platform as Platform,
        { ...started, fixtures },
        { ...odd, request },
      )
    }

    await until(() => rig.isIdle())
    assert.deepEqual(rig.letters, [])
  })
}

/** Sends a fixture twice and compares what arrives with what its case says. */
async function travels(id: string, platform: Platform, of: ConformanceCase, sample: Sample): Promise<void> {
  const { file, request } = sample
  const expected = of.fixtures[file]!
  const handled: Handled[] = []
  const handler = (ctx: BotContext) => {
    const { update, raw, rawText, attempt } = ctx
    handled.push({ update, raw, rawText, attempt })
  }
  // Where the url is signed, it is the bot's name in it that counts.
  const bot = new URL(request.url).pathname === `/hooks/${platform}/bot` ? 'bot' : id
  rig.add(bot, { platform, credentials: of.credentials, handler: { onMessage: handler, onUpdate: handler } })
  const before = rig.accepted.length
  const again = (await of.redelivered?.(request.body, optionsOf(sample))) ?? request

  const answers = await Promise.all([rig.call(bot, request), rig.call(bot, again)])

  const usual = answerTo(of, request)
  for (const { statusCode, body } of answers) {
    assert.deepEqual({ status: statusCode, body }, { status: usual.status, body: usual.body ?? '' }, file)
  }
  const outcomes = rig.accepted.slice(before).map(({ outcome }) => outcome)
  if (expected === 'handshake') return assert.deepEqual(outcomes, [], file)
  const each = (wanted: string) => outcomes.filter(outcome => outcome === wanted).length
  assert.deepEqual([each('accepted'), each('duplicate')], [expected.length, expected.length], file)

  await until(() => handled.length >= expected.length)
  const updates = of.adapter.normalise(request)
  const inOrder = updates.map(({ id }) => handled.find(({ update }) => update.id === id)!)
  assert.equal(new Set(inOrder).size, expected.length, `${file}: each is handled`)
  assert.equal(handled.length, expected.length, `${file}: each is handled once`)
  for (const [n, one] of inOrder.entries()) compare(`${file} #${n}`, one, expected[n]!)
  const raws = inOrder.map(({ rawText }, n) => ({ ...updates[n]!, raw: Buffer.from(rawText) }))
  assert.deepEqual(
    raws.map(({ raw }) => raw),
    updates.map(({ raw }) => Buffer.from(raw)),
  )
  checkRaw(sample, raws)
}

function withoutText(expected: readonly ExpectedUpdate[] | 'handshake') {
  return expected === 'handshake' ? expected : expected.map(({ text: _text, ...rest }) => rest)
}

function compare(name: string, { update, raw, rawText, attempt }: Handled, expected: ExpectedUpdate): void {
  for (const [field, value] of Object.entries(expected)) {
    assert.deepEqual(update[field as keyof ExpectedUpdate], value, `${name}: ${field}`)
  }
  assert.equal(attempt, 1, `${name}: handled at the first try`)
  assert.deepEqual(raw, parsed(rawText), `${name}: ctx.raw`)
}

/**
 * What the platform hears: the handshake, its usual answer, or the fallback, as the handler has none of its
 * own.
 */
function answerTo({ adapter }: ConformanceCase, request: WebhookRequest): WebhookResponse {
  const handshake = adapter.handshake?.(request)
  if (handshake) return handshake
  const answer = adapter.answer?.(adapter.normalise(request), {}) ?? {
    now: { status: 200, body: '{"ok":true}' },
  }
  return 'now' in answer ? answer.now : answer.fallback
}

/** Node's own parser, told to keep integers that doubles cannot hold. */
function parsed(text: string): unknown {
  const keep = (_name: string, value: unknown, { source }: { source?: string }) =>
    typeof value === 'number' &&
    source !== undefined &&
    /^-?\d+$/.test(source) &&
    !Number.isSafeInteger(value)
      ? BigInt(source)
      : value
  return JSON.parse(text, keep as (name: string, value: unknown) => unknown)
}
