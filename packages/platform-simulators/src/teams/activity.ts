import type { Said } from '../simulator/definition.ts'
import { numbered } from '../simulator/ids.ts'

/** The issuer of the Bot Connector's tokens. */
export const botFrameworkIssuer = 'https://api.botframework.com'

/** Customers whose tenants have the bot. */
const tenants = 20

/** Every fourth chat is a thread of a channel, where people have to mention the bot. */
const isChannel = (chat: number) => chat % 4 === 3

/** The tenant that a chat belongs to. */
export function tenantOf(chat: number): string {
  return `a1b2c3d4-e5f6-7890-abcd-${numbered('', chat % tenants, 12)}`
}

/** Where the conversations of a tenant are written to, as activities name it. */
export function serviceUrlOf(tenant: string): string {
  return `https://smba.trafficmanager.net/emea/${tenant}/`
}

/** The id of a conversation. */
export function placeOf(chat: number): string {
  if (!isChannel(chat)) return `a:1${numbered('', chat, 24)}`
  return `19:${numbered('', chat, 24)}@thread.tacv2;messageid=${numbered('17', chat, 13)}`
}

/** The tenant of a conversation; undefined for an id that {@link placeOf} never gives. */
export function tenantOfPlace(place: string): string | undefined {
  const chat = /^(?:a:1|19:)(\d{24})(?=@thread|$)/.exec(place)?.[1]
  return chat === undefined ? undefined : tenantOf(Number(chat))
}

/** A message as Teams tells it to the bot. */
export function activityOf({ chat, text, number, atMs }: Said, appId: string): object {
  const bot = { id: `28:${appId}`, name: 'Simulated' }
  const mention = `<at>${bot.name}</at>`
  const inChannel = {
    text: `${mention} ${text}`,
    entities: [{ type: 'mention', mentioned: bot, text: mention }],
  }
  const tenant = { id: tenantOf(chat) }
  return {
    textFormat: 'plain',
    type: 'message',
    timestamp: new Date(atMs).toISOString(),
    id: numbered('17', number, 13),
    channelId: 'msteams',
    serviceUrl: serviceUrlOf(tenant.id),
    from: {
      id: `29:1${numbered('', chat, 60)}`,
      name: `User ${chat}`,
      aadObjectId: `00000000-1111-2222-3333-${numbered('', chat, 12)}`,
    },
    conversation: {
      conversationType: isChannel(chat) ? 'channel' : 'personal',
      tenantId: tenant.id,
      id: placeOf(chat),
    },
    recipient: bot,
    channelData: { tenant },
    ...(isChannel(chat) ? inChannel : { text }),
  }
}
