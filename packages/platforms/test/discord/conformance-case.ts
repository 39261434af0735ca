import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { verifyKey } from 'discord-interactions'
import { adapters, type WebhookRequest } from '../../src/index.ts'
import type { ConformanceCase, RequestOptions } from '../conformance/conformance-case.ts'
import { webhookRequest } from '../http/webhook-request.ts'
import { flipBit } from '../verify/flip-bit.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const { publicKey: key, privateKey } = generateKeyPairSync('ed25519')
// The last 32 bytes of the key's SPKI form are the key.
const publicKey = key.export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex')

/** Discord's own package must find genuine what this case signs, or the case proves nothing. */
async function request(body: Buffer, { atMs = Date.now() }: RequestOptions = {}): Promise<WebhookRequest> {
  const timestamp = String(Math.floor(atMs / 1000))
  const signature = sign(null, Buffer.concat([Buffer.from(timestamp), body]), privateKey).toString('hex')
  assert.ok(await verifyKey(body, signature, timestamp, publicKey), 'the oracle takes what the test signs')
  return webhookRequest(body, {
    'content-type': 'application/json',
    'x-signature-ed25519': signature,
    'x-signature-timestamp': timestamp,
  })
}

function withHeader(
  genuine: WebhookRequest,
  name: string,
  change: (value: string) => string,
): WebhookRequest {
  return { ...genuine, headers: { ...genuine.headers, [name]: change(String(genuine.headers[name])) } }
}

const flippedHex = (hex: string, at?: number) => flipBit(Buffer.from(hex, 'hex'), at).toString('hex')
const ofSnowflake = (id: string) => Number(BigInt(id) / 4_194_304n) + 1_420_070_400_000

const clicker = {
  user: '1033044521375764530',
  tenant: '1457468924290662599',
  conversation: '1457536551830421524',
}
const hikari = { user: '115590097100865541', conversation: '123' }
const event = (about: string, id: string) => JSON.stringify(['1234560123453231555', ...about.split(' '), id])

/**
 * Discord's duties, for interactions and webhook events; what its own package verifies is signed by Node's
 * Ed25519.
 */
export const discordCase: ConformanceCase = {
  adapter: adapters.discord,
  credentials: { publicKey, applicationId: '1457469483726668048', botToken: 'MTQ1.a-bot.token' },
  oracle: 'discord-interactions',
  accepted: { id: '1' },
  request,
  tampered: genuine => [
    { what: 'signature', request: withHeader(genuine, 'x-signature-ed25519', value => flippedHex(value, 0)) },
    {
      what: 'signature’s end',
      request: withHeader(genuine, 'x-signature-ed25519', value => flippedHex(value)),
    },
    {
      what: 'time stamp',
      request: withHeader(genuine, 'x-signature-timestamp', value => flipBit(Buffer.from(value)).toString()),
    },
    { what: 'body', request: { ...genuine, body: flipBit(genuine.body) } },
    {
      what: 'key',
      request: genuine,
      credentials: { publicKey: flippedHex(publicKey), applicationId: '1457469483726668048' },
    },
  ],
  events,
  questions,
  // Webhook events come again with a time stamp of their own.
  redelivered: body => request(body, { atMs: Date.now() + 300_000 }),
  fixtures: {
    'component-button-click-goodbye.json': [
      { ...clicker, id: 'INTERACTION_GOODBYE', kind: 'button', text: 'goodbye', sentAtMs: undefined },
    ],
    'component-button-click-messages.json': [
      {
        ...clicker,
        id: '1457536840281231550',
        kind: 'button',
        text: 'messages',
        sentAtMs: ofSnowflake('1457536840281231550'),
      },
    ],
    'component-different-user.json': [
      { ...clicker, id: 'INTERACTION_DIFFERENT', kind: 'button', user: '9876543210987654321', text: 'hello' },
    ],
    'component-dm-button-click.json': [
      {
        id: 'INTERACTION789',
        kind: 'button',
        conversation: 'DM_CHANNEL_123',
        user: '1033044521375764530',
        tenant: undefined,
        text: 'dm-action',
      },
    ],
    'hikari-autocomplete-interaction.json': [
      { ...hikari, id: '3490190239012093', kind: 'autocomplete', tenant: '43123123', text: '123312' },
    ],
    'hikari-command-interaction.json': [
      {
        ...hikari,
        id: '3490190239012093',
        kind: 'command',
        tenant: '43123123',
        text: '/okokokok an option 42 123123123',
        sentAtMs: ofSnowflake('3490190239012093'),
      },
    ],
    'hikari-component-interaction.json': [
      {
        ...hikari,
        id: '846462639134605312',
        kind: 'button',
        conversation: '345626669114982999',
        tenant: '290926798626357999',
        text: 'click_one 1 2 67',
        sentAtMs: ofSnowflake('846462639134605312'),
      },
    ],
    // Its type is that of autocomplete.
    'hikari-context-menu-command-interaction.json': [
      { ...hikari, id: '3490190239012093', kind: 'autocomplete', tenant: '43123123', text: undefined },
    ],
    'hikari-modal-interaction.json': [
      {
        ...hikari,
        id: '846462639134605312',
        kind: 'modal',
        tenant: '290926798626357999',
        text: 'Wumpus\nLonger Text',
      },
    ],
    'synthetic-command-with-options.json': [
      {
        id: '786008729715212338',
        kind: 'command',
        conversation: '645027906669510667',
        user: '53908232506183680',
        tenant: '290926798626357999',
        text: '/card-search by name The Gitrog Monster 3 true',
        sentAtMs: ofSnowflake('786008729715212338'),
      },
    ],
    'synthetic-ping-interaction.json': 'handshake',
    'synthetic-ping-webhook-event.json': 'handshake',
    'synthetic-webhook-event-application-authorized.json': [
      {
        kind: 'membership',
        conversation: 'user:72906500001337',
        user: '72906500001337',
        tenant: undefined,
        text: undefined,
        sentAtMs: Date.parse('2024-10-18T14:42:53.064Z'),
      },
    ],
    'synthetic-webhook-event-application-deauthorized.json': [
      {
        kind: 'membership',
        conversation: 'user:72906500001337',
        user: '72906500001337',
        sentAtMs: Date.parse('2024-10-18T15:42:53.064Z'),
      },
    ],
    'synthetic-webhook-event-entitlement-create.json': [
      {
        id: event('ENTITLEMENT_CREATE 2024-10-18T18:41:21.109604+00:00', '1234505980407808808'),
        kind: 'other',
        conversation: 'user:111178765189277770',
        user: '111178765189277770',
      },
    ],
    'synthetic-webhook-event-lobby-message-create.json': [
      {
        id: event('LOBBY_MESSAGE_CREATE 2025-08-05T20:39:19.587872', '1397711005234893023'),
        kind: 'message',
        conversation: 'lobby:1234567891234567891',
        user: '72906500001337',
        text: 'Hello, world! 🚀',
        sentAtMs: Date.parse('2025-08-05T20:39:19.587Z'),
      },
    ],
    'synthetic-webhook-event-lobby-message-delete.json': [
      {
        id: event('LOBBY_MESSAGE_DELETE 2025-08-05T20:42:12.000000', '1397711005234893023'),
        kind: 'other',
        conversation: 'lobby:1234567891234567891',
        user: undefined,
        text: undefined,
      },
    ],
    'synthetic-webhook-event-no-data.json': [
      { kind: 'other', conversation: 'bot', user: undefined, text: undefined },
    ],
  },
}
