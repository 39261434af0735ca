import { Agent } from 'undici'
import type { NetworkOptions, NormalisedUpdate, WebhookRequest } from '../../src/index.ts'
import type { ConformanceCase, StartedCase } from './conformance-case.ts'
import { type Fixture, readFixtures } from './fixtures.ts'

/** A fixture, and the genuine request that brings it. */
export interface Sample extends Fixture {
  readonly request: WebhookRequest
}

/** One platform under test: its case, its fixtures as genuine requests, and a network to fetch keys by. */
export interface Subject {
  readonly platform: string
  readonly case: ConformanceCase
  readonly samples: readonly Sample[]
  readonly network: NetworkOptions
}

/**
 * Starts a case and signs every fixture of its platform by its oracle; `close` ends both, and the subject's
 * own agent.
 */
export async function createSubject(
  platform: string,
  unstarted: ConformanceCase,
): Promise<Subject & { close(): Promise<void> }> {
  const { end, ...of } = await startedCase(unstarted)
  const agent = new Agent()
  const samples = await Promise.all(
    readFixtures(platform).map(async fixture => ({
      ...fixture,
      request: await of.request(of.genuine?.(fixture.body) ?? fixture.body, optionsOf(fixture)),
    })),
  )
  const network = { dispatcher: of.dispatcher ?? agent, signal: new AbortController().signal }
  const close = async () => {
    await agent.destroy()
    await end()
  }
  return { platform, case: of, samples, network, close }
}

/** The case, able to sign. */
export async function startedCase(of: ConformanceCase): Promise<StartedCase> {
  return (await of.start?.()) ?? { ...of, end: async () => {} }
}

/** What a request of this fixture is made of besides its body. */
export function optionsOf({ contentType, file }: Fixture): { contentType: string; file: string } {
  return { contentType, file }
}

/** The samples that are updates, with what the adapter makes of them. */
export function updatesOf({
  case: { adapter, fixtures },
  samples,
}: Subject): { sample: Sample; updates: NormalisedUpdate[] }[] {
  return samples
    .filter(({ file }) => fixtures[file] !== 'handshake')
    .map(sample => ({ sample, updates: adapter.normalise(sample.request) }))
}
