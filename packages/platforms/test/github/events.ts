import type { DocumentedEvent, ExpectedPlace } from '../conformance/documented-event.ts'

const repository = { id: 7, full_name: 'octo/shop' }
const organization = { id: 8, login: 'octo' }
const enterprise = { id: 9, slug: 'octo-inc' }
const installation = { id: 10, node_id: 'MDIz' }
const sender = { id: 5, login: 'ann', type: 'User' }
const sha = '6dcb09b5b57875f334f61aebed695e2e4193db5e'

/** What stands around an event in a repository. */
const inRepository = { repository, sender }
const inOrganization = { organization, sender }

type Expected = Omit<ExpectedPlace, 'route'> & { readonly route?: Readonly<Record<string, string>> }

const ofRepository: Expected = {
  kind: 'other',
  conversation: '7',
  user: '5',
  route: { repository: 'octo/shop' },
}
const ofOrganization: Expected = { kind: 'other', conversation: 'org:8', user: '5' }
const ofIssue: Expected = {
  kind: 'other',
  conversation: '7#42',
  user: '5',
  route: { repository: 'octo/shop', issue: '42' },
}
const ofDiscussion: Expected = {
  kind: 'other',
  conversation: '7#42',
  user: '5',
  route: { repository: 'octo/shop', discussion: '42', discussionNode: 'D_1' },
}
const ofCommit: Expected = {
  kind: 'other',
  conversation: `7@${sha}`,
  user: '5',
  route: { repository: 'octo/shop', commit: sha },
}

/** An event with each of its actions; events without actions name none. */
function event(
  name: string,
  actions: readonly string[],
  body: object,
  expected: Expected,
): DocumentedEvent[] {
  const section = `https://docs.github.com/webhooks/webhook-events-and-payloads#${name}`
  const one = (action?: string): DocumentedEvent => ({
    event: name,
    docs: section,
    headers: { 'x-github-event': name },
    body: { ...(action !== undefined && { action }), ...body },
    expected: [
      { ...expected, route: { event: name, ...(action !== undefined && { action }), ...expected.route } },
    ],
  })
  return actions.length === 0 ? [one()] : actions.map(one)
}

const without = ({ user: _user, ...rest }: Expected): Expected => rest

const issue = {
  id: 100,
  number: 42,
  title: 'It breaks',
  body: 'On start',
  user: sender,
  updated_at: '2026-01-01T00:00:00Z',
}
const pullRequest = { ...issue, head: { sha }, base: { sha } }
const discussion = { ...issue, node_id: 'D_1' }

const issueComment = { id: 200, body: '/deploy now', user: sender, created_at: '2026-01-01T00:00:00Z' }
const withComment = { ...ofIssue, route: { repository: 'octo/shop', comment: '200', issue: '42' } }

const reviewComment = { ...issueComment, commit_id: sha, path: 'a.ts', line: 3 }
const inThread = {
  ...ofIssue,
  route: { repository: 'octo/shop', comment: '200', issue: '42', thread: '200' },
}

const discussionComment = { ...issueComment, node_id: 'DC_1', parent_id: null }
const inDiscussion = {
  ...ofDiscussion,
  route: { ...ofDiscussion.route, comment: '200', threadNode: 'DC_1' },
}

const alert = { number: 1 }
const exemption = { exemption_request: { id: 1, requester_login: 'ann' }, sender, repository }
const properties = { old_property_values: [], new_property_values: [] }

/** GitHub's events: https://docs.github.com/webhooks/webhook-events-and-payloads, with every action. */
export const events: readonly DocumentedEvent[] = [
  // What people write.
  event(
    'issue_comment',
    ['created'],
    { comment: issueComment, issue, ...inRepository },
    { ...withComment, kind: 'command' },
  ),
  event(
    'issue_comment',
    ['edited'],
    { changes: {}, comment: issueComment, issue, ...inRepository },
    { ...withComment, kind: 'edit' },
  ),
  event('issue_comment', ['deleted'], { comment: issueComment, issue, ...inRepository }, withComment),
  event('issues', ['opened'], { issue, ...inRepository }, { ...ofIssue, kind: 'message', text: 'On start' }),
  event('issues', ['edited'], { issue, changes: {}, ...inRepository }, { ...ofIssue, kind: 'edit' }),
  event(
    'issues',
    ['opened'],
    { issue, changes: { old_issue: issue, old_repository: { id: 6 } }, ...inRepository },
    ofIssue,
  ),
  event(
    'issues',
    [
      'assigned',
      'closed',
      'deleted',
      'demilestoned',
      'labeled',
      'locked',
      'milestoned',
      'pinned',
      'reopened',
      'transferred',
      'typed',
      'unassigned',
      'unlabeled',
      'unlocked',
      'unpinned',
      'untyped',
    ],
    { issue, ...inRepository },
    ofIssue,
  ),
  event(
    'pull_request',
    ['opened'],
    { number: 42, pull_request: pullRequest, ...inRepository },
    { ...ofIssue, kind: 'message' },
  ),
  event(
    'pull_request',
    ['edited'],
    { number: 42, pull_request: pullRequest, changes: {}, ...inRepository },
    { ...ofIssue, kind: 'edit' },
  ),
  event(
    'pull_request',
    [
      'assigned',
      'auto_merge_disabled',
      'auto_merge_enabled',
      'closed',
      'converted_to_draft',
      'demilestoned',
      'dequeued',
      'enqueued',
      'labeled',
      'locked',
      'milestoned',
      'ready_for_review',
      'reopened',
      'review_request_removed',
      'review_requested',
      'synchronize',
      'unassigned',
      'unlabeled',
      'unlocked',
    ],
    { number: 42, pull_request: pullRequest, ...inRepository },
    ofIssue,
  ),
  // Of some actions the sender is optional.
  event(
    'pull_request',
    ['demilestoned', 'edited', 'milestoned', 'unassigned'],
    { number: 42, pull_request: { ...pullRequest, body: null, title: 'Fix' }, repository },
    without(ofIssue),
  ).map(one =>
    one.expected[0]?.route?.action === 'edited'
      ? { ...one, expected: [{ ...one.expected[0], kind: 'edit' }] }
      : one,
  ),
  event(
    'pull_request_review',
    ['submitted'],
    { review: { id: 300, body: 'Looks good', user: sender }, pull_request: pullRequest, ...inRepository },
    { ...ofIssue, kind: 'message', text: 'Looks good' },
  ),
  // A review of comments alone: they come as events of their own.
  event(
    'pull_request_review',
    ['submitted', 'dismissed'],
    { review: { id: 300, body: null, user: sender }, pull_request: pullRequest, ...inRepository },
    ofIssue,
  ),
  event(
    'pull_request_review',
    ['edited'],
    {
      changes: {},
      review: { id: 300, body: 'Looks good', user: sender },
      pull_request: pullRequest,
      ...inRepository,
    },
    { ...ofIssue, kind: 'edit' },
  ),
  event(
    'pull_request_review_comment',
    ['created'],
    { comment: reviewComment, pull_request: pullRequest, ...inRepository },
    { ...inThread, kind: 'command' },
  ),
  event(
    'pull_request_review_comment',
    ['created'],
    {
      comment: { ...reviewComment, id: 201, in_reply_to_id: 200, body: 'Why?' },
      pull_request: pullRequest,
      ...inRepository,
    },
    { ...inThread, kind: 'message', route: { ...inThread.route, comment: '201' } },
  ),
  event(
    'pull_request_review_comment',
    ['edited'],
    { changes: {}, comment: reviewComment, pull_request: pullRequest, ...inRepository },
    { ...inThread, kind: 'edit' },
  ),
  event(
    'pull_request_review_comment',
    ['deleted'],
    { comment: reviewComment, pull_request: pullRequest, ...inRepository },
    inThread,
  ),
  event(
    'pull_request_review_thread',
    ['resolved', 'unresolved'],
    { thread: { node_id: 'PRRT_1', comments: [reviewComment] }, pull_request: pullRequest, ...inRepository },
    { ...ofIssue, route: { ...ofIssue.route, thread: '200' } },
  ),
  event(
    'commit_comment',
    ['created'],
    { comment: { ...issueComment, commit_id: sha }, ...inRepository },
    {
      ...ofCommit,
      kind: 'command',
      route: { ...ofCommit.route, comment: '200' },
    },
  ),
  event(
    'commit_comment',
    ['created'],
    {
      comment: { ...issueComment, body: 'Why?', commit_id: sha, path: 'a.ts', position: 4, line: 14 },
      ...inRepository,
    },
    {
      ...ofCommit,
      kind: 'message',
      route: { ...ofCommit.route, comment: '200', path: 'a.ts', position: '4' },
    },
  ),
  event(
    'discussion',
    ['created'],
    { discussion, ...inRepository },
    { ...ofDiscussion, kind: 'message', text: 'On start' },
  ),
  event(
    'discussion',
    ['edited'],
    { discussion, changes: {}, ...inRepository },
    { ...ofDiscussion, kind: 'edit' },
  ),
  event(
    'discussion',
    [
      'answered',
      'category_changed',
      'closed',
      'deleted',
      'labeled',
      'locked',
      'pinned',
      'reopened',
      'transferred',
      'unlabeled',
      'unlocked',
      'unpinned',
    ],
    { discussion, ...inRepository },
    ofDiscussion,
  ),
  event(
    'discussion',
    ['unanswered'],
    { discussion, old_answer: discussionComment, repository },
    without(ofDiscussion),
  ),
  event(
    'discussion_comment',
    ['created'],
    { comment: discussionComment, discussion, ...inRepository },
    {
      ...inDiscussion,
      kind: 'command',
    },
  ),
  event(
    'discussion_comment',
    ['created'],
    {
      comment: { ...discussionComment, id: 201, node_id: 'DC_2', parent_id: 200, body: 'Why?' },
      discussion,
      ...inRepository,
    },
    {
      ...ofDiscussion,
      kind: 'message',
      route: { ...ofDiscussion.route, comment: '201', replyNode: 'DC_2' },
    },
  ),
  event(
    'discussion_comment',
    ['edited'],
    { changes: {}, comment: discussionComment, discussion, ...inRepository },
    {
      ...inDiscussion,
      kind: 'edit',
    },
  ),
  event(
    'discussion_comment',
    ['deleted'],
    { comment: discussionComment, discussion, ...inRepository },
    inDiscussion,
  ),

  // Links between issues: the call is for the repository of the first.
  event(
    'sub_issues',
    ['parent_issue_added', 'parent_issue_removed'],
    {
      parent_issue_id: 1,
      parent_issue: { id: 1, number: 41 },
      parent_issue_repo: { id: 6 },
      sub_issue_id: 100,
      sub_issue: issue,
      ...inRepository,
    },
    ofIssue,
  ),
  event(
    'sub_issues',
    ['sub_issue_added', 'sub_issue_removed'],
    {
      sub_issue_id: 1,
      sub_issue: { id: 1, number: 41 },
      sub_issue_repo: { id: 6 },
      parent_issue_id: 100,
      parent_issue: issue,
      ...inRepository,
    },
    ofIssue,
  ),
  event(
    'issue_dependencies',
    ['blocked_by_added', 'blocked_by_removed'],
    {
      blocked_issue_id: 100,
      blocked_issue: issue,
      blocking_issue_id: 1,
      blocking_issue: { id: 1, number: 41 },
      blocking_issue_repo: { id: 6 },
      organization,
      ...inRepository,
    },
    ofIssue,
  ),
  event(
    'issue_dependencies',
    ['blocking_added', 'blocking_removed'],
    {
      blocking_issue_id: 100,
      blocking_issue: issue,
      blocked_issue_id: 1,
      blocked_issue: { id: 1, number: 41 },
      blocked_issue_repo: { id: 6 },
      organization,
      ...inRepository,
    },
    ofIssue,
  ),
  event(
    'issue_relates_to',
    ['relates_to_added', 'relates_to_removed'],
    {
      issue_id: 100,
      issue,
      organization,
      ...inRepository,
    },
    ofIssue,
  ),

  // What names a commit.
  event(
    'check_run',
    ['completed', 'created', 'rerequested'],
    { check_run: { id: 1, head_sha: sha }, ...inRepository },
    ofCommit,
  ),
  event(
    'check_run',
    ['requested_action'],
    {
      check_run: { id: 1, head_sha: sha },
      requested_action: { identifier: 'fix' },
      ...inRepository,
    },
    { ...ofCommit, kind: 'button', text: 'fix' },
  ),
  event(
    'check_suite',
    ['completed', 'requested', 'rerequested'],
    { check_suite: { id: 1, head_sha: sha }, ...inRepository },
    ofCommit,
  ),
  event(
    'status',
    [],
    { id: 1, sha, name: 'octo/shop', state: 'success', commit: { sha }, ...inRepository },
    ofCommit,
  ),
  event(
    'workflow_run',
    ['completed', 'in_progress', 'requested'],
    {
      workflow: null,
      workflow_run: { id: 1, head_sha: sha },
      ...inRepository,
    },
    ofCommit,
  ),
  event(
    'workflow_job',
    ['completed', 'in_progress', 'queued', 'waiting'],
    { workflow_job: { id: 1, head_sha: sha }, ...inRepository },
    ofCommit,
  ),
  event(
    'deployment',
    ['created'],
    { deployment: { id: 1, sha, ref: 'main' }, workflow: null, workflow_run: null, ...inRepository },
    ofCommit,
  ),
  event(
    'deployment_status',
    ['created'],
    { deployment: { id: 1, sha }, deployment_status: { id: 2 }, ...inRepository },
    ofCommit,
  ),
  event(
    'deployment_review',
    ['approved', 'rejected', 'requested'],
    {
      workflow_run: { id: 1, head_sha: sha },
      comment: 'Go',
      since: '2026',
      organization,
      ...inRepository,
    },
    ofCommit,
  ),
  event(
    'deployment_protection_rule',
    ['requested'],
    { deployment: { id: 1, sha }, ...inRepository },
    ofCommit,
  ),
  event('deployment_protection_rule', ['requested'], { environment: 'live', ...inRepository }, ofRepository),
  event(
    'merge_group',
    ['checks_requested', 'destroyed'],
    { merge_group: { head_sha: sha }, repository },
    without(ofCommit),
  ),
  event('page_build', [], { id: 1, build: { commit: sha }, ...inRepository }, ofCommit),
  event('page_build', [], { id: 1, build: { commit: null }, ...inRepository }, ofRepository),

  // A repository's: what moves branches too, so that it keeps its order.
  event(
    'push',
    [],
    { ref: 'refs/heads/main', before: '0', after: sha, commits: [], pusher: { name: 'ann' }, repository },
    without(ofRepository),
  ),
  event('create', [], { ref: 'v1', ref_type: 'tag', pusher_type: 'user', ...inRepository }, ofRepository),
  event('delete', [], { ref: 'v1', ref_type: 'tag', pusher_type: 'user', ...inRepository }, ofRepository),
  event('branch_protection_configuration', ['disabled', 'enabled'], inRepository, ofRepository),
  event(
    'branch_protection_rule',
    ['created', 'deleted', 'edited'],
    { rule: { id: 1 }, ...inRepository },
    ofRepository,
  ),
  event(
    'code_scanning_alert',
    ['appeared_in_branch', 'closed_by_user', 'created', 'fixed', 'reopened', 'reopened_by_user'],
    {
      alert,
      commit_oid: sha,
      ref: 'refs/heads/main',
      ...inRepository,
    },
    ofRepository,
  ),
  event(
    'custom_property_values',
    ['updated'],
    { ...properties, repository, organization },
    without(ofRepository),
  ),
  event(
    'dependabot_alert',
    [
      'assignees_changed',
      'auto_dismissed',
      'auto_reopened',
      'created',
      'dismissed',
      'fixed',
      'reintroduced',
      'reopened',
    ],
    { alert, ...inRepository },
    ofRepository,
  ),
  event('deploy_key', ['created', 'deleted'], { key: { id: 1 }, ...inRepository }, ofRepository),
  event('fork', [], { forkee: { id: 6 }, ...inRepository }, ofRepository),
  event('gollum', [], { pages: [], ...inRepository }, ofRepository),
  event('label', ['created'], { label: { id: 1 }, repository }, without(ofRepository)),
  event('label', ['deleted', 'edited'], { label: { id: 1 }, ...inRepository }, ofRepository),
  event(
    'member',
    ['added', 'edited', 'removed'],
    { member: { id: 6 }, changes: {}, ...inRepository },
    { ...ofRepository, kind: 'membership' },
  ),
  event(
    'meta',
    ['deleted'],
    { hook: { type: 'Repository' }, hook_id: 1, repository },
    { ...without(ofRepository), kind: 'membership' },
  ),
  event(
    'meta',
    ['deleted'],
    { hook: { type: 'App' }, hook_id: 1 },
    { kind: 'membership', conversation: 'bot' },
  ),
  event(
    'milestone',
    ['closed', 'created', 'deleted', 'edited', 'opened'],
    { milestone: { id: 1, number: 2 }, ...inRepository },
    ofRepository,
  ),
  event('package', ['published', 'updated'], { package: { id: 1 }, ...inRepository }, ofRepository),
  event(
    'package',
    ['published'],
    { package: { id: 1 }, sender },
    { kind: 'other', conversation: 'user:5', user: '5' },
  ),
  event('public', [], inRepository, ofRepository),
  event(
    'registry_package',
    ['published', 'updated'],
    { registry_package: { id: 1 }, sender },
    { kind: 'other', conversation: 'user:5', user: '5' },
  ),
  event('release', ['created', 'deleted'], { release: { id: 1 }, ...inRepository }, ofRepository),
  event(
    'release',
    ['edited', 'prereleased', 'published', 'released', 'unpublished'],
    { release: { id: 1 }, repository },
    without(ofRepository),
  ),
  event(
    'repository',
    [
      'archived',
      'created',
      'deleted',
      'edited',
      'privatized',
      'publicized',
      'renamed',
      'transferred',
      'unarchived',
    ],
    inRepository,
    ofRepository,
  ),
  event(
    'repository_advisory',
    ['published', 'reported'],
    { repository_advisory: { ghsa_id: 'G' }, repository },
    without(ofRepository),
  ),
  // The action is what the caller named it.
  event(
    'repository_dispatch',
    ['roll-out'],
    { branch: 'main', client_payload: {}, installation, ...inRepository },
    ofRepository,
  ),
  event('repository_import', [], { status: 'success', ...inRepository }, ofRepository),
  event(
    'repository_ruleset',
    ['created', 'deleted', 'edited'],
    { repository_ruleset: { id: 1 }, ...inRepository },
    ofRepository,
  ),
  event(
    'repository_ruleset',
    ['created'],
    { repository_ruleset: { id: 1 }, ...inOrganization },
    ofOrganization,
  ),
  event(
    'repository_vulnerability_alert',
    ['create', 'dismiss', 'reopen', 'resolve'],
    { alert, ...inRepository },
    ofRepository,
  ),
  event(
    'secret_scanning_alert',
    ['assigned', 'created', 'publicly_leaked', 'reopened', 'resolved', 'unassigned', 'validated'],
    { alert, repository },
    without(ofRepository),
  ),
  event(
    'secret_scanning_alert_location',
    ['created'],
    { alert, location: {}, ...inRepository },
    ofRepository,
  ),
  event(
    'secret_scanning_scan',
    ['completed'],
    { type: 'backfill', source: 'git', repository },
    without(ofRepository),
  ),
  event(
    'secret_scanning_scan',
    ['completed'],
    { type: 'backfill', source: 'git', organization },
    without(ofOrganization),
  ),
  event('security_and_analysis', [], { changes: {}, repository }, without(ofRepository)),
  event('star', ['created', 'deleted'], { starred_at: null, ...inRepository }, ofRepository),
  event('team_add', [], { team: { id: 1 }, ...inRepository }, ofRepository),
  event('watch', ['started'], inRepository, ofRepository),
  event(
    'workflow_dispatch',
    [],
    { inputs: null, ref: 'refs/heads/main', workflow: 'a.yml', ...inRepository },
    ofRepository,
  ),
  event(
    'project',
    ['closed', 'created', 'deleted', 'edited', 'reopened'],
    { project: { id: 1 }, ...inRepository },
    ofRepository,
  ),
  event('project', ['deleted'], { project: { id: 1 }, organization }, without(ofOrganization)),
  event(
    'project_card',
    ['converted', 'created', 'deleted', 'edited', 'moved'],
    { project_card: { id: 1 }, ...inRepository },
    ofRepository,
  ),
  event(
    'project_column',
    ['created', 'deleted', 'edited', 'moved'],
    { project_column: { id: 1 }, ...inRepository },
    ofRepository,
  ),

  // An organisation's.
  event(
    'custom_property',
    ['created', 'deleted', 'promote_to_enterprise', 'updated'],
    { definition: {}, ...inOrganization },
    ofOrganization,
  ),
  event(
    'custom_property',
    ['created'],
    { definition: {}, enterprise },
    { kind: 'other', conversation: 'enterprise:9' },
  ),
  event(
    'membership',
    ['added', 'removed'],
    { member: { id: 6 }, scope: 'team', team: { id: 1 }, ...inOrganization },
    { ...ofOrganization, kind: 'membership' },
  ),
  event(
    'org_block',
    ['blocked', 'unblocked'],
    { blocked_user: { id: 6 }, ...inOrganization },
    ofOrganization,
  ),
  event(
    'organization',
    ['deleted', 'member_added', 'member_invited', 'member_removed', 'renamed'],
    inOrganization,
    ofOrganization,
  ),
  event(
    'personal_access_token_request',
    ['approved', 'cancelled', 'created', 'denied'],
    {
      personal_access_token_request: { id: 1 },
      installation,
      ...inOrganization,
    },
    ofOrganization,
  ),
  event(
    'projects_v2',
    ['closed', 'created', 'deleted', 'edited', 'reopened'],
    { projects_v2: { id: 1 }, ...inOrganization },
    ofOrganization,
  ),
  event(
    'projects_v2_item',
    ['archived', 'converted', 'created', 'deleted', 'edited', 'reordered', 'restored'],
    {
      projects_v2_item: { id: 1, content_type: 'Issue', content_node_id: 'I_1' },
      ...inOrganization,
    },
    ofOrganization,
  ),
  event(
    'projects_v2_status_update',
    ['created', 'deleted', 'edited'],
    { projects_v2_status_update: { id: 1 }, ...inOrganization },
    ofOrganization,
  ),
  event('team', ['created', 'edited'], { team: { id: 1 }, ...inOrganization }, ofOrganization),
  event(
    'team',
    ['added_to_repository', 'removed_from_repository'],
    { team: { id: 1 }, repository, ...inOrganization },
    {
      ...ofOrganization,
      route: { repository: 'octo/shop' },
    },
  ),
  event(
    'team',
    ['added_to_repository', 'deleted'],
    { team: { id: 1 }, organization },
    without(ofOrganization),
  ),

  // An app's.
  event(
    'installation',
    ['created', 'deleted', 'new_permissions_accepted', 'suspend', 'unsuspend'],
    {
      installation: { id: 10, app_id: 11, account: { id: 8, type: 'Organization' } },
      sender,
    },
    { kind: 'membership', conversation: 'installation:10', user: '5' },
  ),
  event(
    'installation_repositories',
    ['added', 'removed'],
    {
      installation: { id: 10, app_id: 11 },
      repositories_added: [],
      repositories_removed: [],
      organization,
      sender,
    },
    { kind: 'membership', conversation: 'installation:10', user: '5' },
  ),
  event(
    'installation_target',
    ['renamed'],
    {
      installation,
      account: { id: 8 },
      target_type: 'Organization',
      changes: {},
      organization,
    },
    { kind: 'membership', conversation: 'installation:10' },
  ),
  event(
    'github_app_authorization',
    ['revoked'],
    { sender },
    { kind: 'membership', conversation: 'user:5', user: '5' },
  ),

  // An account's, whichever member did it.
  event(
    'marketplace_purchase',
    ['cancelled', 'changed', 'pending_change', 'pending_change_cancelled', 'purchased'],
    {
      marketplace_purchase: { account: { type: 'Organization', id: 18 } },
      effective_date: '2026',
      sender,
    },
    { kind: 'other', conversation: 'org:18', user: '5' },
  ),
  event(
    'marketplace_purchase',
    ['purchased'],
    {
      marketplace_purchase: { account: { type: 'User', id: 5 } },
      effective_date: '2026',
      sender,
    },
    { kind: 'other', conversation: 'user:5', user: '5' },
  ),
  event(
    'sponsorship',
    ['cancelled', 'created', 'edited', 'pending_cancellation', 'pending_tier_change', 'tier_changed'],
    {
      sponsorship: { sponsorable: { id: 15, type: 'User' }, sponsor: { id: 5, type: 'User' } },
      changes: {},
      sender,
    },
    { kind: 'other', conversation: 'user:15', user: '5' },
  ),

  // Everybody's.
  event(
    'security_advisory',
    ['published', 'updated', 'withdrawn'],
    { security_advisory: { ghsa_id: 'G' } },
    { kind: 'other', conversation: 'bot' },
  ),

  // Enterprise Cloud's.
  ...['bypass_request_secret_scanning', 'exemption_request_push_ruleset'].map(name =>
    event(
      name,
      ['cancelled', 'completed', 'created', 'response_dismissed', 'response_submitted'],
      exemption,
      ofRepository,
    ),
  ),
  ...[
    'dismissal_request_code_scanning',
    'dismissal_request_dependabot',
    'dismissal_request_secret_scanning',
  ].map(name =>
    event(
      name,
      ['cancelled', 'created', 'response_dismissed', 'response_submitted'],
      exemption,
      ofRepository,
    ),
  ),
  event(
    'organization_custom_property',
    ['created', 'deleted', 'updated'],
    { definition: {}, enterprise },
    { kind: 'other', conversation: 'enterprise:9' },
  ),
  event(
    'organization_custom_property_values',
    ['updated'],
    { ...properties, enterprise, organization },
    without(ofOrganization),
  ),

  // Enterprise Server's.
  event(
    'cache_sync',
    [],
    { cache_location: 'eu', ref: 'main', before: '0', after: sha, repository },
    without(ofRepository),
  ),
  event(
    'enterprise',
    ['anonymous_access_disabled', 'anonymous_access_enabled'],
    { sender },
    { kind: 'other', conversation: 'bot', user: '5' },
  ),
  event(
    'user',
    ['created', 'deleted'],
    { user: { id: 6 }, sender },
    { kind: 'other', conversation: 'bot', user: '5' },
  ),
].flat()
