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

const credentials = { appSecret, verifyToken, accessToken: 'EAAtoken', phoneNumberId: '100000000000001' }

/**
 * WhatsApp's duties: conversations are with the business-scoped id where Meta tells it, with the phone number
 * where not.
 */
export const whatsappCase: ConformanceCase = {
  adapter: adapters.whatsapp,
  credentials,
  oracle: '@octokit/webhooks-methods',
  accepted: { messaging_product: 'whatsapp', messages: [{ id: 'wamid.1' }] },
  request: signedByMeta,
  tampered: request => tamperedWith(request, credentials),
  challenge: challengeRequest(verifyToken),
  events,
  questions,
  fixtures: {
    'account-update-account-restriction.json': [
      {
        kind: 'other',
        conversation: 'account:102290129340398',
        user: undefined,
        text: undefined,
        sentAtMs: 1641330498000,
      },
    ],
    'account-update-account-violation.json': [
      {
        kind: 'other',
        conversation: 'account:102290129340398',
        user: undefined,
        text: undefined,
        sentAtMs: 1743451903000,
      },
    ],
    'call-connect-business-initiated.json': [
      {
        id: 'wacid.xxxx=:connect',
        kind: 'other',
        conversation: '743897493242:16315553602',
        user: '16315553602',
        text: undefined,
        sentAtMs: 1752582933000,
      },
    ],
    'call-connect-user-initiated.json': [
      {
        id: 'wacid.xxxx=:connect',
        kind: 'other',
        conversation: '743897493242:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1752583107000,
      },
    ],
    'call-permission-update-accept.json': [
      {
        id: 'wamid.x',
        kind: 'button',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'accept',
        sentAtMs: 1752582182000,
      },
    ],
    'call-status-call-status.json': [
      {
        id: 'wacid.ABGGFjFVU2AfAgo6V:RINGING',
        kind: 'status',
        conversation: '5483758353:163155536021',
        user: '163155536021',
        text: undefined,
        sentAtMs: 1671644824000,
      },
    ],
    'call-terminate-call-terminate.json': [
      {
        id: 'wacid.ABGGFjFVU2AfAgo6V-Hc5eCgK5Gh:terminate',
        kind: 'other',
        conversation: '37489742:16315553601',
        user: '16315553601',
        text: undefined,
        sentAtMs: 1671644824000,
      },
      {
        kind: 'other',
        conversation: 'number:37489742',
        user: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'callback-button-button.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'button',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'callback_data',
        sentAtMs: 1698266730000,
      },
    ],
    'callback-button-quick-reply.json': [
      {
        id: 'wamid.xsidjw',
        kind: 'button',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'callback_data',
        sentAtMs: 1698269027000,
      },
    ],
    'callback-selection-description.json': [
      {
        id: 'wamid.zyzxyz',
        kind: 'button',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'callback_data',
        sentAtMs: 1698266905000,
      },
    ],
    'edited-message-image.json': [
      {
        id: 'wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQUFERjg0NDEzNDdFODU3MUMxMAA=',
        kind: 'edit',
        conversation: '106540352242922:16505551234',
        user: '16505551234',
        text: 'Updated image caption',
        sentAtMs: 1749854575000,
      },
    ],
    'flow-completion-without-flow-token.json': [
      {
        id: 'wamid.wegrchytvwcggt==',
        kind: 'modal',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: '{"comment_text":"Comment Text","delivery_rating":"4","purchase_rating":"2","recommend_radio":"0","cs_rating":"0"}',
        sentAtMs: 1702502473000,
      },
    ],
    'message-animated-sticker.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697043785000,
      },
    ],
    'message-contacts.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697044621000,
      },
    ],
    'message-current-location.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697044557000,
      },
    ],
    'message-document.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'caption',
        sentAtMs: 1697043666000,
      },
    ],
    'message-forwarded-many-times.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'text forwarded many times',
        sentAtMs: 1697044968000,
      },
    ],
    'message-image.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697043379000,
      },
    ],
    'message-interactive-message-with-err.json': [
      {
        id: 'wamid.wegrchytvwcggt=',
        kind: 'other',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1700505494000,
      },
      {
        kind: 'other',
        conversation: 'number:1122334455667',
        user: undefined,
        text: undefined,
        sentAtMs: undefined,
      },
    ],
    'message-media-with-url.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697043379000,
      },
    ],
    'message-order.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697044668000,
      },
    ],
    'message-reaction.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'reaction',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: '😮',
        sentAtMs: 1697044456000,
      },
    ],
    'message-referral.json': [
      {
        id: 'wamid.ID',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'BODY',
        sentAtMs: 1697045000000,
      },
    ],
    'message-reply.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'replied text',
        sentAtMs: 1697044746000,
      },
    ],
    'message-status-delivered.json': [
      {
        id: 'wamid.xyzxyz:delivered',
        kind: 'status',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1698266945000,
      },
    ],
    'message-status-failed.json': [
      {
        id: 'wamid.xyzxyz:failed',
        kind: 'status',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1689380458000,
      },
    ],
    'message-status-played.json': [
      {
        id: 'wamid.xyzxyz:played',
        kind: 'status',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1689380458000,
      },
    ],
    'message-status-read.json': [
      {
        id: 'wamid.xyzxyz:read',
        kind: 'status',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1689380458000,
      },
    ],
    'message-status-sent.json': [
      {
        id: 'wamid.xyzxyz:sent',
        kind: 'status',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1698266945000,
      },
    ],
    'message-status-with-tracker.json': [
      {
        id: 'wamid.xyzxyz:sent',
        kind: 'status',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1698266945000,
      },
    ],
    'message-text.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'Body Text',
        sentAtMs: 1697043223000,
      },
    ],
    'message-unreaction-empty.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'reaction',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697044456000,
      },
    ],
    'message-unsupported.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'other',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697044706000,
      },
    ],
    'message-video.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'caption',
        sentAtMs: 1697044362000,
      },
    ],
    'message-voice.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'message',
        conversation: '1122334455667:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: undefined,
        sentAtMs: 1697043473000,
      },
    ],
    'outgoing-message-edit.json': [
      {
        id: 'wamid.yyyyyy',
        kind: 'other',
        conversation: '1122334455667:972123456789',
        user: '972123456789',
        text: 'Text was edited',
        sentAtMs: 1697044968000,
      },
    ],
    'sample-bsuid-rotation-user-id-update.json': [
      {
        kind: 'other',
        conversation: '000000000000000:US.24817305912873645029',
        user: 'US.24817305912873645029',
        text: undefined,
        sentAtMs: 1700000003000,
      },
    ],
    'sample-image-message.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAB',
        kind: 'message',
        conversation: '000000000000000:15551234567',
        user: '15551234567',
        text: 'Check this out',
        sentAtMs: 1700000001000,
      },
    ],
    'sample-interactive-button-reply.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAD',
        kind: 'button',
        conversation: '000000000000000:15551234567',
        user: '15551234567',
        text: 'btn_approve',
        sentAtMs: 1700000003000,
      },
    ],
    'sample-reaction.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAC',
        kind: 'reaction',
        conversation: '000000000000000:15551234567',
        user: '15551234567',
        text: '👍',
        sentAtMs: 1700000002000,
      },
    ],
    'sample-status-update-message-delivered.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAA:delivered',
        kind: 'status',
        conversation: '000000000000000:15551234567',
        user: '15551234567',
        text: undefined,
        sentAtMs: 1700000004000,
      },
    ],
    'sample-system-message-user-changed-number.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAC',
        kind: 'other',
        conversation: '000000000000000:15551234567',
        user: '15551234567',
        text: undefined,
        sentAtMs: 1700000001000,
      },
    ],
    'sample-system-message-user-changed-user-id.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAD',
        kind: 'other',
        conversation: '000000000000000:US.24817305912873645029',
        user: 'US.24817305912873645029',
        text: undefined,
        sentAtMs: 1700000002000,
      },
    ],
    'sample-text-message-with-business-scoped-user-ids.json': [
      {
        id: 'wamid.HBgNMTU1NTEyMzQ1NjcVAgASGBQzQUYwMDAwMDAwMDAwMDAwMDAB',
        kind: 'message',
        conversation: '000000000000000:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'Hello from a username user',
        sentAtMs: 1700000000000,
      },
    ],
    'synthetic-bsuid-only-no-phone.json': [
      {
        id: 'wamid.BSUIDONLY1',
        kind: 'message',
        conversation: '106540352242922:US.13491208655302741918',
        user: 'US.13491208655302741918',
        text: 'hi',
        sentAtMs: 1782000000000,
      },
    ],
    'synthetic-escaped-unicode-raw.json': [
      {
        id: 'wamid.ESC1',
        kind: 'message',
        conversation: '106540352242922:16505551234',
        user: '16505551234',
        text: 'see https://example.com/café',
        sentAtMs: 1749416383000,
      },
    ],
    'system-identity-change.json': [
      {
        id: 'wamid.xyzxyz',
        kind: 'other',
        conversation: '1122334455667:972987654321',
        user: '972987654321',
        text: undefined,
        sentAtMs: 1697044706000,
      },
    ],
    'system-phone-number-change.json': [
      {
        id: 'wamid.xyzxyz==',
        kind: 'other',
        conversation: '1122334455667:972987654321',
        user: '972987654321',
        text: undefined,
        sentAtMs: 1753851315000,
      },
    ],
    'template-category-update-marketing.json': [
      {
        kind: 'other',
        conversation: 'account:57438975935',
        user: undefined,
        text: undefined,
        sentAtMs: 1750344882000,
      },
    ],
    'template-components-update-element.json': [
      {
        kind: 'other',
        conversation: 'account:57438975935',
        user: undefined,
        text: undefined,
        sentAtMs: 1751483772000,
      },
    ],
    'template-quality-update-yellow.json': [
      {
        kind: 'other',
        conversation: 'account:102290129340398',
        user: undefined,
        text: undefined,
        sentAtMs: 1674864290000,
      },
    ],
    'template-status-update-approved.json': [
      {
        kind: 'other',
        conversation: 'account:102290129340398',
        user: undefined,
        text: undefined,
        sentAtMs: 1751247548000,
      },
    ],
    'vercel-first-message.json': [
      {
        id: 'wamid.FAKE_MSG_ID_001',
        kind: 'message',
        conversation: '100000000000001:15550002222',
        user: '15550002222',
        text: 'What is Vercel?',
        sentAtMs: 1772998024000,
      },
    ],
    'vercel-second-message.json': [
      {
        id: 'wamid.FAKE_MSG_ID_002',
        kind: 'message',
        conversation: '100000000000001:15550002222',
        user: '15550002222',
        text: 'Tell me more',
        sentAtMs: 1772998054000,
      },
    ],
    'vercel-status-update.json': [
      {
        id: 'wamid.FAKE_MSG_SENT_001:sent',
        kind: 'status',
        conversation: '100000000000001:15550002222',
        user: '15550002222',
        text: undefined,
        sentAtMs: 1772998034000,
      },
    ],
  },
}
