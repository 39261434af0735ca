import { awkwardText } from '../conformance/awkward-text.ts'
import type { PlatformQuestions } from '../conformance/platform-questions.ts'
import { between, entryOf, page, user } from './entry-of.ts'

/**
 * The answers to the questions of every platform, for a product whose calls name it `object`: `page` or
 * `instagram`.
 */
export function messagingQuestions(object: 'page' | 'instagram'): PlatformQuestions {
  const messaging = (event: object) => ({ body: entryOf(object, 'messaging', event) })
  const message = { mid: 'mid.1', text: 'hi' }
  const fromPage = (content: object) =>
    messaging({ sender: { id: page }, recipient: { id: user }, timestamp: 1, ...content })

  return {
    ownMessages: [
      fromPage({ message: { ...message, is_echo: true } }),
      fromPage({ message }),
      fromPage({ message: { ...message, quick_reply: { payload: 'A' } } }),
      fromPage({ reaction: { mid: 'mid.1', action: 'react', emoji: '❤️' } }),
      { body: entryOf(object, 'standby', between({ message })) },
    ],
    foreignCommands:
      'A chat is with one page or account, and commands name none (https://developers.facebook.com/documentation/business-messaging/messenger-platform).',
    placeholderUsers: [{ ...messaging({ recipient: { id: page }, timestamp: 1, message }), user: undefined }],
    deliveredTwice: [[messaging(between({ message })), messaging({ ...between({ message }), timestamp: 2 })]],
    places: [
      {
        ...messaging(between({ reaction: { mid: 'mid.1', action: 'react' } })),
        conversation: `${page}:${user}`,
        route: { message: 'mid.1' },
        reply: { path: `/v25.0/${page}/messages`, body: { recipient: { id: user } } },
      },
    ],
    unknownEvents: [
      { ...messaging(between({ a_new_event: {} })), conversation: `${page}:${user}` },
      { body: entryOf(object, 'a_new_list', between({ message })), conversation: `${page}:${user}` },
      { body: entryOf(object, 'changes', { field: 'a_new_field', value: {} }), conversation: `page:${page}` },
    ],
    typedTexts: [
      { ...messaging(between({ message: { ...message, text: '*a* &amp; <b>' } })), text: '*a* &amp; <b>' },
    ],
    otherBots:
      'Pages and accounts that write to each other are not told from people (https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events/messages).',
    replyText: { ...messaging(between({ message })), reply: { body: { message: { text: awkwardText } } } },
    nativeText: { of: text => ({ message: { text } }) },
  }
}
