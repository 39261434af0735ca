import assert from 'node:assert/strict'
import { decodeInbound, encodeInbound, type Platform } from '@botyard/queue-contracts'
import fc from 'fast-check'
import { InvalidUpdateError, type WebhookRequest } from '../../src/index.ts'
import { anyBody, knownOddities } from './odd-bodies.ts'
import type { Subject } from './subject.ts'

const runs = 400

const oddHeader = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.string()), fc.constant(undefined))

/**
 * Whatever the bytes and headers, nothing is thrown but `InvalidUpdateError`, and what is read crosses to the
 * worker.
 */
export async function checkAnyBytes(subject: Subject): Promise<string> {
  for (const { request } of firstOfEachType(subject)) {
    for (const [what, body] of Object.entries(knownOddities)) {
      await survives(subject, { ...request, body }, what)
    }
  }
  await fc.assert(
    fc.asyncProperty(anyBody(subject.samples), async ({ sample, body }) => {
      await survives(subject, { ...sample.request, body }, sample.file)
    }),
    { numRuns: runs },
  )
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...subject.samples),
      fc.nat(),
      oddHeader,
      async ({ request, file }, n, odd) => {
        const names = Object.keys(request.headers)
        const changed = { ...request.headers, [names[n % names.length] ?? 'x']: odd }
        await survives(subject, { ...request, headers: changed }, file)
      },
    ),
  )
  const { adapter, credentials, challenge } = subject.case
  if (challenge && adapter.challenge) {
    fc.assert(
      fc.property(fc.webQueryParameters(), query => {
        adapter.challenge?.(
          { ...challenge.request, url: `${challenge.request.url.split('?')[0]}?${query}` },
          credentials,
        )
      }),
    )
  }
  return 'survived'
}

async function survives(
  { platform, case: { adapter, credentials }, network }: Subject,
  request: WebhookRequest,
  what: string,
) {
  const { genuine } = await adapter.verify(request, credentials, network)
  assert.equal(typeof genuine, 'boolean')
  read(() => adapter.handshake?.(request), what)
  const updates = read(() => adapter.normalise(request), what)
  if (!updates) return
  for (const { raw, ...update } of updates) {
    const inbound = {
      ...update,
      bot: 'bot',
      platform: platform as Platform,
      receivedAtMs: request.receivedAtMs,
    }
    // Throws for what a worker could not read: an empty id, a number where a text must be.
    const decoded = decodeInbound(encodeInbound(inbound, raw))
    assert.equal(decoded.update.id.toWellFormed(), update.id.toWellFormed())
  }
  for (const defer of ['public', 'ephemeral', 'none', undefined] as const) {
    if (updates.length > 0) adapter.answer?.(updates, defer === undefined ? {} : { defer })
  }
}

function read<T>(reader: () => T, what: string): T | undefined {
  try {
    return reader()
  } catch (error) {
    assert.ok(error instanceof InvalidUpdateError, `${what}: ${error instanceof Error ? error.stack : error}`)
    return undefined
  }
}

/** The oddities go through each kind of body a platform sends. */
function firstOfEachType({ samples }: Subject) {
  return [...new Map(samples.map(sample => [sample.contentType, sample])).values()]
}
