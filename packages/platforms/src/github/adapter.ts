import type { PlatformAdapter } from '../adapter.ts'
import { onlyMethod } from '../send/broadcast-methods.ts'
import { GitHubCredentials } from './credentials.ts'
import { githubEvents } from './events.ts'
import { identifyGitHub } from './identify.ts'
import { limitsGitHub } from './limits.ts'
import { eventOf, normaliseGitHub } from './normalise.ts'
import { sendGitHub } from './send.ts'
import { githubTextLimit, tooLongForGitHub } from './text.ts'
import { verifyGitHub } from './verify.ts'

/**
 * GitHub's webhooks, and comments on issues, pull requests, commits and discussions:
 * https://docs.github.com/webhooks.
 */
export const adapter: PlatformAdapter<GitHubCredentials> = {
  platform: 'github',
  duties: {
    sends: { edit: true, typing: false, idempotent: false },
    unsigned:
      'Everything but the body: the name of the event (`X-GitHub-Event`, the handler’s `route.event`) and the delivery’s id. Duplicates are told by the body, but for events that may come again word for word (a check run’s button, labels, memberships, dispatched workflows), where the delivery’s id helps: by several hooks such an event comes several times. Nor is there a time: who has a signed body can send it again once the window is over.',
    ownMessages:
      'by the id of the token’s account (`GET /user`, or what the answer to a comment tells) or of the app; while neither is known all bots’ words count as own',
  },
  credentials: GitHubCredentials,
  targets: ({ apiRoot }) => (apiRoot === undefined ? [] : [apiRoot]),
  // Nothing is sent again by itself; by hand or API a delivery can be for days, and keeps its id.
  redeliveryWindowMs: 7 * 24 * 60 * 60 * 1000,
  // "Payloads are capped at 25 MB. If an event generates a larger payload, GitHub will not deliver it."
  maxBodyBytes: 26 * 1024 * 1024,
  contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
  verify: verifyGitHub,
  handshake: request => (eventOf(request) === 'ping' ? { status: 200, body: '{"ok":true}' } : undefined),
  normalise: normaliseGitHub,
  events: githubEvents,
  identify: identifyGitHub,
  textLimit: githubTextLimit,
  tooLong: tooLongForGitHub,
  send: sendGitHub,
  limits: limitsGitHub,
  broadcasts: onlyMethod('create comment', []),
}
