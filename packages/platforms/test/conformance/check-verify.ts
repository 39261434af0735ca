import assert from 'node:assert/strict'
import type { WebhookRequest } from '../../src/index.ts'
import { optionsOf, type Subject } from './subject.ts'

/** Signatures may be dated in whole seconds, and a check against the machine's own clock takes a moment. */
const marginMs = 5_000

/**
 * What the oracle signed is genuine for every fixture; one bit changed in signature, signed text or key is
 * not.
 */
export async function checkSignature(subject: Subject): Promise<string> {
  const { oracle, tampered } = subject.case
  for (const { file, request } of subject.samples) {
    assert.equal(await genuine(subject, request), true, `${file} is genuine`)
    const changed = await tampered.call(subject.case, request)
    assert.ok(changed.length > 0, `${file}: nothing was tampered with`)
    for (const { what, request: forged, credentials } of changed) {
      const passed = await genuine(subject, forged, credentials ?? subject.case.credentials)
      assert.equal(passed, false, `${file} with another ${what} is not genuine`)
    }
  }
  return oracle === null ? 'shared token' : `\`${oracle}\``
}

/** A signature of the platform's window is genuine up to its edges, and stale beyond both. */
export async function checkWindow(subject: Subject): Promise<string> {
  const { windowMs } = subject.case
  if (windowMs === undefined) return 'none'
  const [sample] = subject.samples
  assert.ok(sample, 'there is a fixture')
  const nowMs = Math.floor(Date.now() / 1000) * 1000
  const at = async (offsetMs: number) => {
    const request = await subject.case.request(sample.request.body, {
      ...optionsOf(sample),
      atMs: nowMs + offsetMs,
    })
    return genuine(subject, { ...request, receivedAtMs: nowMs })
  }
  for (const sign of [-1, 1]) {
    const side = sign < 0 ? 'old' : 'ahead'
    assert.equal(
      await at(sign * (windowMs - marginMs)),
      true,
      `just within the window, ${side}, it is genuine`,
    )
    assert.equal(
      await at(sign * (windowMs + marginMs)),
      false,
      `just beyond the window, ${side}, it is stale`,
    )
  }
  return `±${spanOf(windowMs)}`
}

/** The platform's own way of sending an event again is genuine, and yields the ids of the first time. */
export async function checkReplay(subject: Subject): Promise<string> {
  const { adapter, fixtures, redelivered } = subject.case
  for (const sample of subject.samples.filter(({ file }) => fixtures[file] !== 'handshake')) {
    const again = redelivered
      ? await redelivered.call(subject.case, sample.request.body, optionsOf(sample))
      : sample.request
    assert.equal(await genuine(subject, again), true, `${sample.file} sent again is genuine`)
    const ids = (request: WebhookRequest) => adapter.normalise(request).map(({ id }) => id)
    assert.deepEqual(ids(again), ids(sample.request), `${sample.file} sent again has the same ids`)
  }
  return `ids kept ${spanOf(adapter.redeliveryWindowMs)}`
}

/** Handshakes, and nothing else, are answered at once; a GET that proves nothing is refused. */
export async function checkHandshake(subject: Subject): Promise<string> {
  const { adapter, credentials, fixtures, challenge } = subject.case
  const answered = new Set<string>()
  for (const { file, request } of subject.samples) {
    const answer = adapter.handshake?.(request)
    if (fixtures[file] !== 'handshake') {
      assert.equal(answer, undefined, `${file} is no handshake`)
      continue
    }
    assert.ok(answer && answer.status >= 200 && answer.status < 300, `${file} is answered`)
    answered.add(`POST ${answer.status}`)
  }
  assert.equal(
    challenge !== undefined,
    adapter.challenge !== undefined,
    'the case has a GET if the adapter answers one',
  )
  if (challenge && adapter.challenge) {
    assert.deepEqual(
      {
        body: adapter.challenge(challenge.request, credentials)?.body,
        status: adapter.challenge(challenge.request, credentials)?.status,
      },
      { body: challenge.body, status: 200 },
    )
    const { origin, pathname } = new URL(challenge.request.url)
    const bare = { ...challenge.request, url: origin + pathname }
    assert.equal(
      adapter.challenge(bare, credentials),
      undefined,
      'a GET without its parameters is not genuine',
    )
    answered.add('GET challenge')
  }
  return [...answered].join(', ') || 'none'
}

async function genuine(
  { case: { adapter, credentials }, network }: Subject,
  request: WebhookRequest,
  other = credentials,
) {
  return (await adapter.verify(request, other, network)).genuine
}

/** A span of time in the largest unit that it is a whole number of. */
function spanOf(ms: number): string {
  const units = [
    [86_400_000, 'd'],
    [3_600_000, 'h'],
    [60_000, 'min'],
    [1_000, 's'],
  ] as const
  const [size, name] = units.find(([unit]) => ms >= unit && ms % unit === 0) ?? [1, 'ms']
  return `${ms / size} ${name}`
}
