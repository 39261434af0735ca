import { readFileSync } from 'node:fs'
import type { BotParts } from '@botyard/bot-kit'
import type { BotIdentity, BotSettings, Platform } from '@botyard/queue-contracts'
import { caseOf } from './case-of.ts'
import { type Rig, until } from './rig.ts'

/**
 * A public report of people who run bots, in test/fixtures/cases: what their platform sent, and what is
 * right.
 */
export interface ReportedCase {
  readonly platform: Platform
  readonly bodies: readonly Body[]
  readonly headers: Readonly<Record<string, string>>
}

// biome-ignore lint/suspicious/noExplicitAny: bodies are the platform's, and tests vary single fields of them.
type Body = any

/** Reads a report by its file's name without the ending. */
export function reportedCase(name: string): ReportedCase {
  const text = readFileSync(new URL(`../fixtures/cases/${name}.json`, import.meta.url), 'utf8')
  const { platform, body, bodies = body === undefined ? [] : [body], headers = {} } = JSON.parse(text)
  return { platform, bodies, headers }
}

/** A bot that a report is tried on. */
export interface TriedBot {
  readonly platform: Platform
  readonly handler: BotParts
  readonly identity?: BotIdentity
  readonly settings?: BotSettings
}

let bots = 0

/**
 * Adds the bot to the rig; its calls are signed as the platform does, and what it sends comes out at the
 * rig's API.
 */
export function tryOn(rig: Rig, { platform, ...bot }: TriedBot) {
  const of = caseOf(platform)
  const id = `case-${++bots}`
  rig.api.calls.length = 0
  rig.add(id, { platform, credentials: { ...(of.credentials as object), apiRoot: rig.api.origin }, ...bot })

  return {
    id,
    /** Delivers one body as a webhook. */
    async deliver(body: object, headers: Readonly<Record<string, string>> = {}): Promise<void> {
      const request = await of.request(Buffer.from(JSON.stringify(body)))
      const { statusCode, body: answer } = await rig.call(id, {
        ...request,
        headers: { ...request.headers, ...headers },
      })
      if (statusCode !== 200) throw new Error(`${statusCode}: ${answer}`)
    },
    /** What was sent, once everything has come to its end. */
    async sent() {
      await until(() => rig.isIdle())
      return rig.api.calls.map(({ path, body }) => ({
        method: path.split('/').at(-1)!,
        body: body as Record<string, unknown>,
      }))
    },
  }
}
