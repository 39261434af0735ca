import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const user = 'U4af4980629'
const group = 'C4af4980629'
const room = 'R4af4980629'

const reference = 'https://developers.line.biz/en/reference/messaging-api'
const token = 'nHuyWiB7yP5Zw52FIkcQobQuGDXCTA'
const inGroup = { source: { type: 'group', groupId: group, userId: user } }

/** An event as the reference shows it; all have these members, and most the user as their source. */
function event(name: string, content: object, expected: Partial<ExpectedPlace> = {}): DocumentedEvent {
  const anchor = name.startsWith('message.') ? 'message-event' : name
  const sent = {
    type: name.split('.')[0],
    mode: 'active',
    timestamp: 1_625_665_242_211,
    source: { type: 'user', userId: user },
    webhookEventId: '01FZ74A0TDDPYRVKNK77XKC3ZR',
    deliveryContext: { isRedelivery: false },
    ...content,
  }
  return {
    event: name,
    docs: `${reference}/#${anchor}`,
    body: { destination: 'Ub0t', events: [sent] },
    expected: [
      {
        kind: 'other',
        ...(expected.conversation === undefined && { conversation: user, user }),
        ...expected,
      } as ExpectedPlace,
    ],
  }
}

/** A message of a user. */
function message(type: string, content: object, expected: Partial<ExpectedPlace> = {}): DocumentedEvent {
  return event(
    `message.${type}`,
    { replyToken: token, message: { id: '444573844083572737', type, ...content } },
    { kind: 'message', route: { replyToken: token, message: '444573844083572737' }, ...expected },
  )
}

const answerable = { route: { replyToken: token } }
const ofGroup = { conversation: group, user }
const atBot = (text: string) => ({
  text,
  mention: { mentionees: [{ index: 0, length: 4, type: 'user', userId: 'Ub0t', isSelf: true }] },
})

const messages: readonly DocumentedEvent[] = [
  message(
    'text',
    { text: 'Hello (love)', emojis: [{ index: 6, length: 6, productId: '1', emojiId: '2' }] },
    {
      text: 'Hello (love)',
    },
  ),
  message('text', { text: '/start' }, { kind: 'command', text: '/start' }),
  event(
    'message.text',
    { replyToken: token, ...inGroup, message: { id: '1', type: 'text', ...atBot('@Bot /help me') } },
    { ...ofGroup, kind: 'command', text: '/help me', route: { replyToken: token, message: '1' } },
  ),
  // A standby channel has no reply token.
  event(
    'message.text',
    { mode: 'standby', message: { id: '1', type: 'text', text: '/start' } },
    {
      text: '/start',
      route: { message: '1', mode: 'standby' },
    },
  ),
  ...['image', 'video', 'audio'].map(type =>
    message(type, { contentProvider: { type: 'line' }, quoteToken: 'q3Plxr4AgKd' }),
  ),
  message('file', { fileName: 'file.txt', fileSize: 2138 }),
  message('location', { title: 'my location', address: 'Tokyo', latitude: 35.67, longitude: 139.66 }),
  message(
    'sticker',
    { packageId: '446', stickerId: '1988', stickerResourceType: 'STATIC', text: 'Let us party' },
    {
      text: 'Let us party',
    },
  ),
]

/** Where each of LINE's webhook events belongs, by its reference. */
export const events: readonly DocumentedEvent[] = [
  ...messages,
  event(
    'messageEdited',
    { ...inGroup, message: { id: '1', type: 'text', text: 'new' } },
    {
      ...ofGroup,
      kind: 'edit',
      text: 'new',
      route: { message: '1' },
    },
  ),
  event('unsend', { ...inGroup, unsend: { messageId: '325708' } }, ofGroup),
  event(
    'follow',
    { replyToken: token, follow: { isUnblocked: false } },
    { kind: 'membership', ...answerable },
  ),
  event('unfollow', {}, { kind: 'membership' }),
  event(
    'join',
    { replyToken: token, source: { type: 'group', groupId: group } },
    {
      kind: 'membership',
      conversation: group,
      ...answerable,
    },
  ),
  event(
    'join',
    { replyToken: token, source: { type: 'room', roomId: room } },
    {
      kind: 'membership',
      conversation: room,
      ...answerable,
    },
  ),
  event(
    'leave',
    { source: { type: 'group', groupId: group } },
    {
      kind: 'membership',
      conversation: group,
    },
  ),
  // Several may come or go at once, so none of them is the event's user.
  event(
    'memberJoined',
    {
      replyToken: token,
      source: { type: 'group', groupId: group },
      joined: { members: [{ type: 'user', userId: user }] },
    },
    { kind: 'membership', conversation: group, ...answerable },
  ),
  event(
    'memberLeft',
    { source: { type: 'group', groupId: group }, left: { members: [{ type: 'user', userId: user }] } },
    {
      kind: 'membership',
      conversation: group,
    },
  ),
  event(
    'postback',
    { replyToken: token, postback: { data: 'storeId=12345', params: { datetime: '2017-12-25T01:00' } } },
    {
      kind: 'button',
      text: 'storeId=12345',
      ...answerable,
    },
  ),
  event(
    'postback',
    { mode: 'standby', postback: { data: 'a=1' } },
    { text: 'a=1', route: { mode: 'standby' } },
  ),
  event(
    'videoPlayComplete',
    { replyToken: token, videoPlayComplete: { trackingId: 'track-id' } },
    answerable,
  ),
  event('beacon', { replyToken: token, beacon: { hwid: 'd41d8cd98f', type: 'enter' } }, answerable),
  event('accountLink', { replyToken: token, link: { result: 'ok', nonce: 'x' } }, answerable),
  // Of a link that failed LINE tells no user.
  event(
    'accountLink',
    { source: undefined, link: { result: 'failed', nonce: 'x' } },
    {
      conversation: 'bot',
    },
  ),
  event('membership', { replyToken: token, membership: { type: 'joined', membershipId: 3189 } }, answerable),
  event(
    'delivery',
    { delivery: { data: '15034552939884E28681A7D668CEA94C147C716C0EC9DFE8B80B44EF3B57F6BD' } },
    {
      kind: 'status',
    },
  ),
  event(
    'module',
    { source: undefined, module: { type: 'attached', botId: 'U53387d54817', scopes: [] } },
    {
      conversation: 'bot',
    },
  ),
  event('activated', { chatControl: { expireAt: 1_462_629_479_859 } }),
  event('deactivated', {}),
  event('botSuspended', { source: undefined }, { conversation: 'bot' }),
  event('botResumed', { source: undefined }, { conversation: 'bot' }),
]
