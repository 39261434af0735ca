import { adapters } from '../../src/index.ts'
import type { ConformanceCase } from '../conformance/conformance-case.ts'
import {
  appSecret,
  challengeRequest,
  signedByMeta,
  tamperedWith,
  verifyToken,
} from '../meta/signed-by-meta.ts'
import { events } from './events.ts'
import { questions } from './questions.ts'

const credentials = { appSecret, verifyToken, pageAccessToken: 'EAAtoken' }

/** Messenger's duties: conversations are between a page and a user; an echo's user is who got it. */
export const messengerCase: ConformanceCase = {
  adapter: adapters.messenger,
  credentials,
  oracle: '@octokit/webhooks-methods',
  accepted: { recipient_id: '1', message_id: 'm_1' },
  request: signedByMeta,
  tampered: request => tamperedWith(request, credentials),
  challenge: challengeRequest(verifyToken),
  events,
  // A plugin that is gone, and the documentation's placeholder for a list of another name.
  undocumented: ['bottender-event-branded-camera.json', 'bottender-other-request.json'],
  questions,
  fixtures: {
    'bottender-batch-request.json': [
      {
        id: 'mid.1486464322190:cb04e5a654',
        kind: 'message',
        conversation: '1895382890692545:1412611362105802',
        user: '1412611362105802',
        text: 'test 1',
        sentAtMs: 1486464322190,
      },
      {
        id: 'mid.1486464322190:cb04e5a656',
        kind: 'message',
        conversation: '189538289069256:1412611362105802',
        user: '1412611362105802',
        text: 'test 2',
        sentAtMs: 1486464322190,
      },
    ],
    'bottender-echo-request.json': [
      {
        id: 'mid.$cAARS90328R5hrBz-Vlbete17ftIb',
        kind: 'other',
        conversation: '1134713619900975:1244813222196986',
        user: '1244813222196986',
        text: 'text',
        sentAtMs: 1492414608982,
      },
    ],
    'bottender-event-account-linking-linked.json': [
      {
        kind: 'other',
        conversation: '707356222221168:1476077422222289',
        user: '1476077422222289',
        text: undefined,
        sentAtMs: 1469111400000,
      },
    ],
    'bottender-event-app-roles.json': [
      {
        kind: 'other',
        conversation: 'page:404217156637689',
        user: undefined,
        text: undefined,
        sentAtMs: 1458692752478,
      },
    ],
    'bottender-event-branded-camera.json': [
      {
        kind: 'other',
        conversation: '707356222221168:1476077422222289',
        user: '1476077422222289',
        text: undefined,
        sentAtMs: 1469111400000,
      },
    ],
    'bottender-event-customer-chat-plugin-referral.json': [
      {
        kind: 'other',
        conversation: '693344444818699:1242684444404904',
        user: '1242684444404904',
        text: undefined,
        sentAtMs: 1512552044444,
      },
    ],
    'bottender-event-delivery.json': [
      {
        id: 'delivery:1423587017700273 404217156637689:1458668856253',
        kind: 'status',
        conversation: '1423587017700273:404217156637689',
        user: '404217156637689',
        text: undefined,
        sentAtMs: 1491797604411,
      },
    ],
    'bottender-event-echo-message.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh1yrIlbVhdisQW8M',
        kind: 'other',
        conversation: '1423587017700273:1423587017700273',
        user: '1423587017700273',
        text: 'Difficult the first time, easy the second.',
        sentAtMs: 1491798024994,
      },
    ],
    'bottender-event-file-message.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh1ZAO1bVhDxGk2N0',
        kind: 'message',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: undefined,
        sentAtMs: 1491797604411,
      },
    ],
    'bottender-event-like-sticker-message.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh05ZKlbVgkOobi32',
        kind: 'message',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: undefined,
        sentAtMs: 1491797086506,
      },
    ],
    'bottender-event-location-message.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh1ZAO1bVhDxGk2N0',
        kind: 'message',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: undefined,
        sentAtMs: 1491797604411,
      },
    ],
    'bottender-event-postback-referral.json': [
      {
        id: 'postback:707356222221168 1476077422222289:1522222894827:07154bdb77431210dc4733af9f8502b726fc47d6eea70e73c5367b2106418212',
        kind: 'button',
        conversation: '707356222221168:1476077422222289',
        user: '1476077422222289',
        text: '__GET_STARTED__',
        sentAtMs: 1522222894827,
      },
    ],
    'bottender-event-postback.json': [
      {
        id: 'postback:404217156637689 1423587017700273:1491798782090:d089c7122307d23befcc99c897074984eab97d61f40f50f12376fc9fbe309df4',
        kind: 'button',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: 'USER_DEFINED_PAYLOAD',
        sentAtMs: 1491798782090,
      },
    ],
    'bottender-event-pre-checkout.json': [
      {
        kind: 'other',
        conversation: 'PAGE_ID:USER_ID',
        user: 'USER_ID',
        text: undefined,
        sentAtMs: 1473204787206,
      },
    ],
    'bottender-event-quick-reply-message.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh2BKL1bVhsBhVxvm',
        kind: 'button',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: 'DEVELOPER_DEFINED_PAYLOAD_FOR_PICKING_RED',
        sentAtMs: 1491798262319,
      },
    ],
    'bottender-event-reaction-unreact.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh0NPrVbVf4HFNDGl:unreact:1469111400000',
        kind: 'reaction',
        conversation: '707356222221168:1476077422222289',
        user: '1476077422222289',
        text: '❤️',
        sentAtMs: 1469111400000,
      },
    ],
    'bottender-event-request-thread-control.json': [
      {
        kind: 'other',
        conversation: '1423587017700273:404217156637689',
        user: '404217156637689',
        text: undefined,
        sentAtMs: 1458692752478,
      },
    ],
    'bottender-event-text-message-from-customer-chat-plugin.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh0NPrVbVf4HFNDGl',
        kind: 'message',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: 'Sharp tools make good work.',
        sentAtMs: 1491796363181,
      },
    ],
    'bottender-event-text-message.json': [
      {
        id: 'mid.$cAAE1UUyiiwthh0NPrVbVf4HFNDGl',
        kind: 'message',
        conversation: '404217156637689:1423587017700273',
        user: '1423587017700273',
        text: 'Sharp tools make good work.',
        sentAtMs: 1491796363181,
      },
    ],
    'bottender-other-request.json': [
      {
        kind: 'other',
        conversation: '<PAGE_ID>:<USER_ID>',
        user: '<USER_ID>',
        text: undefined,
        sentAtMs: 1458692752478,
      },
    ],
    'bottender-request.json': [
      {
        id: 'mid.1486464322190:cb04e5a654',
        kind: 'message',
        conversation: '1895382890692545:1412611362105802',
        user: '1412611362105802',
        text: 'text',
        sentAtMs: 1486464322190,
      },
    ],
    'bottender-standby-request.json': [
      {
        kind: 'other',
        conversation: '<PAGE_ID>:<USER_ID>',
        user: '<USER_ID>',
        text: undefined,
        sentAtMs: 1458692752478,
      },
    ],
    'vercel-delivery-confirmation.json': [
      {
        id: 'delivery:100000000000001 200000000000001:1772998034000',
        kind: 'status',
        conversation: '100000000000001:200000000000001',
        user: '200000000000001',
        text: undefined,
        sentAtMs: 1772998034000,
      },
    ],
    'vercel-first-message.json': [
      {
        id: 'm_FAKE_MSG_ID_001',
        kind: 'message',
        conversation: '100000000000001:200000000000001',
        user: '200000000000001',
        text: 'What is Vercel?',
        sentAtMs: 1772998024000,
      },
    ],
    'vercel-postback-click.json': [
      {
        id: 'postback:100000000000001 200000000000001:1772998084000:51bd77c198a05b86211cdb8d4383558c1e98c09c8f3f3d6fdaf8c728a6a6cc28',
        kind: 'button',
        conversation: '100000000000001:200000000000001',
        user: '200000000000001',
        text: 'chat:{"a":"hello"}',
        sentAtMs: 1772998084000,
      },
    ],
    'vercel-reaction-added.json': [
      {
        id: 'm_FAKE_MSG_ID_001:react:1772998064000',
        kind: 'reaction',
        conversation: '100000000000001:200000000000001',
        user: '200000000000001',
        text: '❤',
        sentAtMs: 1772998064000,
      },
    ],
    'vercel-read-confirmation.json': [
      {
        id: 'read:100000000000001 200000000000001:1772998044000',
        kind: 'status',
        conversation: '100000000000001:200000000000001',
        user: '200000000000001',
        text: undefined,
        sentAtMs: 1772998044000,
      },
    ],
    'vercel-second-message.json': [
      {
        id: 'm_FAKE_MSG_ID_002',
        kind: 'message',
        conversation: '100000000000001:200000000000001',
        user: '200000000000001',
        text: 'Tell me more',
        sentAtMs: 1772998054000,
      },
    ],
  },
}
