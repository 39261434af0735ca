import { platformFactories } from '@botyard/platform-simulators'
import { telegramToken } from '../../shared/apps.ts'

/** A bot that strangers attack, and what its platform's calls look like. */
export interface AttackedBot {
  readonly id: string
  readonly platform: string
  readonly credentials: unknown
  /** Headers of a call that somebody else's platform signed, and a body of it. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly maxBytes: number
}

/** What the attackers' process is started with. */
export interface AttackPlan {
  readonly perSecond: number
  readonly bots: readonly Omit<AttackedBot, 'credentials'>[]
  /** The bot that is sent genuine large bodies, and what they are signed with. */
  readonly large: { readonly id: string; readonly secret: string }
}

/** What they are told to do. */
export interface AttackTurn {
  readonly attack: AttackName
  readonly seconds: number
  readonly port: number
}

/** Attacks, in the order of the report. */
export const attackNames = ['unsigned', 'half-sent', 'large'] as const
export type AttackName = (typeof attackNames)[number]

/** Nobody listens there: platforms whose keys must be fetched cannot have them. */
const nowhere = 'http://127.0.0.1:9'
const telegramSecret = 'the-secret-of-the-bot'
const mib = 1024 * 1024
const maxBytes: Readonly<Record<string, number>> = {
  github: 26 * mib,
  whatsapp: 4 * mib,
  messenger: 4 * mib,
  instagram: 4 * mib,
}

/** A bot of every platform; the calls are those of the same platform with other secrets. */
export function attackedBots(): AttackedBot[] {
  const said = [{ chat: 1, text: 'hello', number: 1, atMs: Date.now() }] as const
  const others = Object.entries(platformFactories).map(([platform, factory]) => {
    const { headers, body } = factory().call({
      said,
      attempt: 1,
      last: undefined,
      publicUrl: `https://x/${platform}`,
    })
    return {
      id: `attacked-${platform}`,
      ...{ platform, headers, body: body.toString() },
      credentials: factory().credentials(nowhere),
      maxBytes: maxBytes[platform] ?? mib,
    }
  })
  const telegram = {
    id: 'attacked-telegram',
    platform: 'telegram',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': 'wrong' },
    body: '{"update_id":1}',
    credentials: { token: telegramToken(), webhookSecret: telegramSecret },
    maxBytes: mib,
  }
  return [...others, telegram]
}
