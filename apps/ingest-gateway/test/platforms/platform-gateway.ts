import { createHmac } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import type { Bot } from '@botyard/control-database'
import type { WebhookRequest } from '@botyard/platforms'
import {
  type ConformanceCase,
  createSubject,
  loadCases,
  type Sample,
  type Subject,
} from '@botyard/platforms/conformance'
import type { Platform } from '@botyard/queue-contracts'
import { type BuildOverrides, build, type TestApp } from '../helper.ts'

/** Where platforms call, as the conformance cases sign it. */
const publicUrl = 'https://bots.example'

/** Ten million zeros in ten thousand bytes. */
export const gzipBomb = gzipSync(Buffer.alloc(10_000_000))

/** A platform under test, and a gateway that knows one bot of it. */
export interface PlatformGateway extends TestApp {
  readonly platform: string
  readonly subject: Subject
  /** The path of the bot's webhook, with the query that the platform signs. */
  readonly path: string
}

/** Every platform that has a conformance case. */
export const cases: readonly { platform: string; of: ConformanceCase }[] = (await loadCases()).flatMap(
  ({ platform, case: of }) => (of ? [{ platform, of }] : []),
)

/** Every case signs its fixtures once for all tests. */
const subjects = new Map<string, ReturnType<typeof createSubject>>()

/** To be called after a file's tests. */
export async function closePlatforms(): Promise<void> {
  for (const subject of subjects.values()) await (await subject).close()
}

/** The gateway with a bot of one platform; nobody's calls are too many. */
export async function platformGateway(
  t: { after(hook: () => unknown): void },
  { platform, of }: { platform: string; of: ConformanceCase },
  overrides: BuildOverrides = {},
): Promise<PlatformGateway> {
  const signing = subjects.get(platform) ?? createSubject(platform, of)
  subjects.set(platform, signing)
  const subject = await signing
  const gateway = await build(t, {
    known: [botOf(platform as Platform, subject.case)],
    ...overrides,
    options: {
      publicUrl,
      maxBodyBytes: 64 * 1024 * 1024,
      ipLimitPerMinute: 1e9,
      ipFailuresPerMinute: 1e9,
      ...overrides.options,
    },
  })
  const { search } = new URL(subject.samples[0]!.request.url)
  return { ...gateway, platform, subject, path: `/hooks/${platform}/bot${search}` }
}

function botOf(platform: Platform, { credentials }: ConformanceCase): Bot {
  const now = new Date(0)
  return {
    id: 'bot',
    uid: 'bot',
    recreated: false,
    platform,
    handler: 'bot',
    credentials,
    settings: {},
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/**
 * The call with another body, signed as the platform does; with the old signature if its oracle cannot sign
 * such a body.
 */
export async function signed(
  { subject }: PlatformGateway,
  sample: Sample,
  body: Buffer,
): Promise<WebhookRequest> {
  const { case: of } = subject
  const { file, contentType } = sample
  const request = await Promise.resolve()
    .then(() => of.request(of.genuine?.(body) ?? body, { file, contentType }))
    .catch(() => ({ ...sample.request, body }))
  return { ...request, headers: { ...request.headers, ...hubSignature(of, request.body) } }
}

/** The library that signs for GitHub and Meta takes text alone, and these bodies are any bytes. */
function hubSignature({ adapter, credentials }: ConformanceCase, body: Buffer) {
  const { appSecret, webhookSecret } = credentials as { appSecret?: string; webhookSecret?: string }
  const secret = adapter.platform === 'github' ? webhookSecret : appSecret
  if (secret === undefined) return {}
  return { 'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}` }
}
