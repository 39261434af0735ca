import { generateKeyPairSync, sign } from 'node:crypto'
import type { PlatformDefinition, Said } from '../simulator/definition.ts'
import { never } from '../simulator/definition.ts'
import { hexDigits, numbered } from '../simulator/ids.ts'
import { jsonCall } from '../simulator/json-call.ts'
import { createDiscordApi } from './api.ts'
import { snowflake } from './snowflake.ts'

const placeOf = (chat: number) => numbered('1050', chat, 19)
const guild = '1050999999999999999'

/** The name of the one command, whose option holds what the user says. */
const command = 'say'

/**
 * Discord's interactions: a command for every text, which wants "thinking" (a deferred answer) at once and is
 * completed at its own webhook; none of them is ever sent again.
 */
export function createPlatform(): PlatformDefinition {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const applicationId = snowflake(Date.now(), 0)
  const botToken = `${Buffer.from(applicationId).toString('base64url')}.${hexDigits(6)}.${hexDigits(38)}`
  const discordApi = createDiscordApi({ applicationId, botToken, command: `/${command} ` })
  const credentialsOf = (token: string, apiUrl: string) => ({
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('hex'),
    applicationId,
    botToken: token,
    apiRoot: `${apiUrl}/api/v10`,
  })
  const tokenOf = ({ number }: Said) => `aW50ZXJhY3Rpb246${String(number).padStart(20, '0')}`

  return {
    credentials: apiUrl => credentialsOf(botToken, apiUrl),
    wrongCredentials: apiUrl => credentialsOf('wrong', apiUrl),
    placeOf,
    call({ said: [said] }) {
      const { chat, text, number, atMs } = said
      const timestamp = String(Math.floor(Date.now() / 1000))
      const interaction = {
        app_permissions: '562949953601536',
        application_id: applicationId,
        authorizing_integration_owners: { 0: guild },
        channel_id: placeOf(chat),
        context: 0,
        data: {
          id: '1050888888888888888',
          name: command,
          options: [{ name: 'text', type: 3, value: text }],
          type: 1,
        },
        guild_id: guild,
        id: snowflake(atMs, number),
        locale: 'en-GB',
        member: {
          user: { id: numbered('1051', chat, 19), username: `user${chat}` },
          roles: [],
          permissions: '0',
        },
        token: tokenOf(said),
        type: 2,
        version: 1,
      }
      return jsonCall(interaction, body => ({
        'x-signature-timestamp': timestamp,
        'x-signature-ed25519': sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString(
          'hex',
        ),
        'user-agent': 'Discord-Interactions/1.0 (+https://discord.com)',
      }))
    },
    accepts({ status, body }, [said]) {
      if (status !== 200 || !/^\s*\{\s*"type"\s*:\s*5\b/.test(body) || said === undefined) return false
      discordApi.acknowledge(tokenOf(said), placeOf(said.chat), Date.now())
      return true
    },
    retryDelaySeconds: never,
    allowance: {},
    api: discordApi.handle,
  }
}
