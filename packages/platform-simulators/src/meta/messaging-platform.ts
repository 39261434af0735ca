import { randomBytes } from 'node:crypto'
import { type ApiReply, textIn, throttled } from '../simulator/api-server.ts'
import type { PlatformDefinition, Said } from '../simulator/definition.ts'
import { hexDigits, lettered, numbered } from '../simulator/ids.ts'
import { createSlidingWindows } from '../simulator/sliding-windows.ts'
import { metaDelays } from './delays.ts'
import { graphApi, graphError } from './graph-api.ts'
import { metaCall } from './signed-call.ts'

/** Where Messenger and Instagram differ, seen from a bot of plain texts. */
export interface MessagingProduct {
  /** `page` or `instagram`. */
  readonly object: string
  /** What the ids of pages or accounts begin with. */
  readonly pagePrefix: string
  readonly midPrefix: string
  /** The longest text, in characters or in bytes. */
  readonly longest: { readonly characters: number } | { readonly bytes: number }
  /** What the token and the page are called among the credentials. */
  readonly tokenName: string
  readonly pageName: string
}

/** Chats belong to three pages in turn, since one app serves several. */
const pages = 3

/** The app that the bot writes with. */
const app = 1_517_776_481_860_111

/**
 * Messenger Platform and Instagram messaging: batches over pages, echoes of what a page says, 300 calls a
 * second of each page.
 */
export function messagingPlatform(product: MessagingProduct): PlatformDefinition {
  const appSecret = hexDigits(32)
  const accessToken = `EAA${randomBytes(60).toString('hex')}`
  const windows = createSlidingWindows({ count: 300, ms: 1_000 })
  const pageOf = (chat: number) => numbered(product.pagePrefix, chat % pages, 17)
  const userOf = (chat: number) => numbered('24', chat, 17)
  let sent = 0

  const eventOf = ({ chat, text, number, atMs, as }: Said) => {
    const [user, page] = [{ id: userOf(chat) }, { id: pageOf(chat) }]
    const message = { mid: lettered(product.midPrefix, number, 40), text }
    return as === 'own'
      ? {
          sender: page,
          recipient: user,
          timestamp: atMs,
          message: { is_echo: true, app_id: app, ...message },
        }
      : { sender: user, recipient: page, timestamp: atMs, message }
  }

  const entriesOf = (said: readonly Said[]) =>
    [...Map.groupBy(said, ({ chat }) => pageOf(chat))].map(([id, ofPage]) => ({
      id,
      time: Date.now(),
      messaging: ofPage.map(eventOf),
    }))

  const send = (page: string, body: Record<string, unknown>, atMs: number): ApiReply => {
    if ('waitMs' in windows.take(page, atMs))
      return throttled(graphError(400, 613, 'Calls to this API have exceeded the rate limit.'))
    const recipient = textIn(body, 'recipient', 'id')
    const text = textIn(body, 'message', 'text')
    if (recipient === undefined) return graphError(400, 100, 'The parameter recipient is required')
    if (text === undefined || text === '') return graphError(400, 100, 'Message cannot be empty')
    if (isTooLong(text, product.longest))
      return graphError(400, 100, 'Length of param message[text] is too long')
    return {
      status: 200,
      body: { recipient_id: recipient, message_id: lettered(product.midPrefix, ++sent, 48) },
      shown: { place: `${page}/${recipient}`, text },
    }
  }

  const credentialsOf = (token: string, apiRoot: string) => ({
    appSecret,
    verifyToken: 'simulated',
    [product.tokenName]: token,
    [product.pageName]: pageOf(0),
    apiRoot,
  })
  return {
    credentials: apiRoot => credentialsOf(accessToken, apiRoot),
    wrongCredentials: apiRoot => credentialsOf('EAAwrong', apiRoot),
    placeOf: chat => `${pageOf(chat)}/${userOf(chat)}`,
    call: ({ said }) => metaCall({ object: product.object, entry: entriesOf(said) }, appSecret),
    bringsOwn: true,
    batch: { max: 50, gatherMs: 10 },
    accepts: ({ status }) => status === 200,
    retryDelaySeconds: metaDelays,
    allowance: 'bytes' in product.longest ? { textBytes: product.longest.bytes } : {},
    api: request => graphApi(request, { accessToken, send }),
  }
}

function isTooLong(text: string, longest: MessagingProduct['longest']): boolean {
  return 'bytes' in longest ? Buffer.byteLength(text) > longest.bytes : [...text].length > longest.characters
}
