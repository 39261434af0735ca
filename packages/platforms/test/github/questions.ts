import type { Call, PlatformQuestions } from '../conformance/platform-questions.ts'

const repository = { id: 7, full_name: 'ann/shop' }
const ann = { id: 9, login: 'ann', type: 'User' }
const account = { id: 77, login: 'shop-helper', type: 'User' }

function call(event: string, body: object, headers: Record<string, string> = {}): Call {
  return { headers: { 'x-github-event': event, ...headers }, body: { repository, ...body } }
}

/** A comment on an issue by somebody, as `issue_comment` brings it. */
const comment = (sender: object, more: object = {}, issue: object = { number: 3 }) => ({
  action: 'created',
  issue,
  comment: { id: 101, body: 'the reply', user: sender, ...more },
  sender,
})

const pullRequest = { id: 1, number: 4, body: 'Please' }
const discussion = { id: 2, number: 5, node_id: 'D_1', body: 'Let us talk' }
const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e'
const push = { ref: 'refs/heads/main', before: '0', after: sha, commits: [], pusher: ann, sender: ann }

/** GitHub's answers. */
export const questions: PlatformQuestions = {
  identity: { user: '77', name: 'shop-helper', app: '12' },
  ownMessages: [
    call('issue_comment', comment(account)),
    call('issue_comment', { ...comment(account), action: 'edited', changes: {} }),
    // The bot's app, in a user's name.
    call('issue_comment', comment(ann, { performed_via_github_app: { id: 12 } })),
    call('issues', { action: 'opened', issue: { id: 1, number: 3, body: '/deploy' }, sender: account }),
    call('pull_request', { action: 'opened', pull_request: pullRequest, sender: account }),
    call('pull_request_review', {
      action: 'submitted',
      review: { id: 6, body: 'no' },
      pull_request: pullRequest,
      sender: account,
    }),
    call('pull_request_review_comment', { ...comment(account), pull_request: pullRequest }),
    call('commit_comment', {
      action: 'created',
      comment: { id: 8, body: 'ok', commit_id: sha },
      sender: account,
    }),
    call('discussion', { action: 'created', discussion, sender: account }),
    call('discussion_comment', {
      action: 'created',
      discussion,
      comment: { id: 8, body: 'ok' },
      sender: account,
    }),
  ],
  foreignCommands:
    'GitHub has no commands of its own and no way to address one: https://docs.github.com/webhooks/webhook-events-and-payloads#issue_comment',
  placeholderUsers: [
    // Accounts that were deleted, of an import, and of an organisation.
    {
      ...call('check_suite', {
        action: 'requested',
        check_suite: { head_sha: sha },
        sender: { id: 10137, login: 'ghost', type: 'User' },
      }),
      user: undefined,
    },
    {
      ...call('issues', {
        action: 'closed',
        issue: { number: 3 },
        sender: { id: 5, login: 'ann-old', type: 'Mannequin' },
      }),
      user: undefined,
    },
    {
      ...call('dependabot_alert', {
        action: 'created',
        alert: {},
        sender: { id: 9919, login: 'github', type: 'Organization' },
      }),
      user: undefined,
    },
  ],
  deliveredTwice: [
    // By the hook of an app, of a repository and of an organisation.
    [
      call('issue_comment', comment(ann), { 'x-github-delivery': 'one' }),
      call(
        'issue_comment',
        { ...comment(ann), installation: { id: 1, node_id: 'x' } },
        { 'x-github-delivery': 'two' },
      ),
      call('issue_comment', { ...comment(ann), organization: { id: 8 } }, { 'x-github-delivery': 'three' }),
    ],
    [
      call('push', push, { 'x-github-delivery': 'one' }),
      call('push', { ...push, installation: { id: 1, node_id: 'x' } }, { 'x-github-delivery': 'two' }),
    ],
    // A call that somebody sends again under other headers, which are not signed.
    [
      call('issue_comment', comment(ann), { 'x-github-delivery': 'one' }),
      call('discussion_comment', comment(ann), { 'x-github-delivery': 'two' }),
    ],
    [
      call('push', push, { 'x-github-delivery': 'one' }),
      call('issues', push, { 'x-github-delivery': 'two' }),
    ],
  ],
  places: [
    {
      ...call('pull_request_review_comment', {
        action: 'created',
        pull_request: pullRequest,
        comment: { id: 20, body: 'a' },
        sender: ann,
      }),
      conversation: '7#4',
      route: {
        event: 'pull_request_review_comment',
        action: 'created',
        repository: 'ann/shop',
        comment: '20',
        issue: '4',
        thread: '20',
      },
      reply: { method: 'POST', path: '/repos/ann/shop/pulls/4/comments/20/replies' },
    },
    {
      ...call('pull_request_review_comment', {
        action: 'created',
        pull_request: pullRequest,
        comment: { id: 21, in_reply_to_id: 20, body: 'a' },
        sender: ann,
      }),
      conversation: '7#4',
      route: {
        event: 'pull_request_review_comment',
        action: 'created',
        repository: 'ann/shop',
        comment: '21',
        issue: '4',
        thread: '20',
      },
      reply: { method: 'POST', path: '/repos/ann/shop/pulls/4/comments/20/replies' },
    },
    {
      ...call('discussion_comment', {
        action: 'created',
        discussion,
        comment: { id: 30, node_id: 'DC_1', parent_id: null, body: 'a' },
        sender: ann,
      }),
      conversation: '7#5',
      route: {
        event: 'discussion_comment',
        action: 'created',
        repository: 'ann/shop',
        comment: '30',
        discussion: '5',
        discussionNode: 'D_1',
        threadNode: 'DC_1',
      },
      reply: {
        method: 'POST',
        path: '/graphql',
        body: { variables: { input: { discussionId: 'D_1', replyToId: 'DC_1' } } },
      },
    },
    {
      ...call('discussion_comment', {
        action: 'created',
        discussion,
        comment: { id: 31, node_id: 'DC_2', parent_id: 30, body: 'a' },
        sender: ann,
      }),
      conversation: '7#5',
      route: {
        event: 'discussion_comment',
        action: 'created',
        repository: 'ann/shop',
        comment: '31',
        discussion: '5',
        discussionNode: 'D_1',
        replyNode: 'DC_2',
      },
      reply: {
        method: 'POST',
        path: '/graphql',
        body: { variables: { input: { discussionId: 'D_1', replyToId: 'DC_1' } } },
      },
    },
    {
      ...call('commit_comment', {
        action: 'created',
        comment: { id: 40, body: 'a', commit_id: sha, path: 'a.ts', position: 2 },
        sender: ann,
      }),
      conversation: `7@${sha}`,
      route: {
        event: 'commit_comment',
        action: 'created',
        repository: 'ann/shop',
        comment: '40',
        commit: sha,
        path: 'a.ts',
        position: '2',
      },
      reply: {
        method: 'POST',
        path: `/repos/ann/shop/commits/${sha}/comments`,
        body: { path: 'a.ts', position: 2 },
      },
    },
  ],
  unknownEvents: [
    {
      ...call('issue_reactions', { action: 'created', issue: { number: 3 }, sender: ann }),
      conversation: '7#3',
    },
    { ...call('brand_new', { sender: ann }), conversation: '7' },
    { headers: { 'x-github-event': 'brand_new' }, body: {}, conversation: 'bot' },
  ],
  typedTexts: [
    {
      ...call('issue_comment', comment(ann, { body: '**Hi** &amp; @shop-helper\r\n> <b>it</b>' })),
      text: '**Hi** &amp; @shop-helper\r\n> <b>it</b>',
    },
    {
      ...call('issues', {
        action: 'opened',
        issue: { id: 1, number: 3, title: 'Broken', body: null },
        sender: ann,
      }),
      text: 'Broken',
    },
  ],
  otherBots: [
    call('issue_comment', comment({ id: 49699333, login: 'dependabot[bot]', type: 'Bot' })),
    call('pull_request', {
      action: 'opened',
      pull_request: pullRequest,
      sender: { id: 49699333, type: 'Bot' },
    }),
  ],
  replyText: {
    ...call('issue_comment', comment(ann)),
    reply: {
      path: '/repos/ann/shop/issues/3/comments',
      body: {
        body:
          'a & b \\< c > d \\&amp; \\<b>e\\</b> \\*f\\* \\*\\*g\\*\\* \\_h\\_ \\_\\_i\\_\\_ \\~j\\~ \\~\\~k\\~\\~ \\`l\\` \\|\\|m\\|\\| ' +
          '\\[n\\](https://o.example) \\<@&#8203;1> @&#8203;everyone @&#8203;here \\<!channel> #&#8203;1 :&#8203;tada: ' +
          '"p" \'q\' \\\\r\nsecond  line\n\n\\- third\n\\> fourth\n\\# fifth\n1\\. sixth 😀',
      },
    },
  },
  nativeText: { of: text => ({ body: text }) },
}
