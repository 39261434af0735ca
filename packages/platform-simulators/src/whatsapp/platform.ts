import { randomBytes } from 'node:crypto'
import { metaDelays } from '../meta/delays.ts'
import { graphApi } from '../meta/graph-api.ts'
import { metaCall } from '../meta/signed-call.ts'
import type { PlatformDefinition } from '../simulator/definition.ts'
import { hexDigits } from '../simulator/ids.ts'
import { createNumbers } from './phone-numbers.ts'
import { businessAccountId, changeOf, phoneNumberIdOf, placeOf } from './webhook.ts'

/**
 * WhatsApp Cloud API: batches over the phone numbers of a business, a status for each message of its own,
 * throughput and pair rates counted as Meta does.
 */
export function createPlatform(): PlatformDefinition {
  const appSecret = hexDigits(32)
  const accessToken = `EAA${randomBytes(60).toString('hex')}`
  const numbers = createNumbers()
  const credentialsOf = (token: string, apiRoot: string) => ({
    appSecret,
    verifyToken: 'simulated',
    accessToken: token,
    phoneNumberId: phoneNumberIdOf(0),
    apiRoot,
  })
  return {
    credentials: apiRoot => credentialsOf(accessToken, apiRoot),
    wrongCredentials: apiRoot => credentialsOf('EAAwrong', apiRoot),
    placeOf,
    call({ said }) {
      for (const { chat, as } of said) if (as !== 'own') numbers.received(phoneNumberIdOf(chat), Date.now())
      const groups = Map.groupBy(said, ({ chat, as }) => `${phoneNumberIdOf(chat)} ${as}`)
      const changes = [...groups.values()].map(changeOf)
      return metaCall(
        { object: 'whatsapp_business_account', entry: [{ id: businessAccountId, changes }] },
        appSecret,
      )
    },
    bringsOwn: true,
    batch: { max: 50, gatherMs: 10 },
    accepts: ({ status }) => status === 200,
    retryDelaySeconds: metaDelays,
    // One message to a user each 6 s, and 45 at once that are paid back: 45 in any 270 s.
    allowance: { perChat: { burst: 15, perSecond: 1 / 9 } },
    api: request => graphApi(request, { accessToken, send: numbers.send }),
  }
}
