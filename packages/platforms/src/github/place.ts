import { idAt, textAt, valueAt } from '../json/value-at.ts'

/**
 * Where an event belongs, and what an answer needs; without a conversation it belongs to its sender, or to
 * the bot.
 */
export interface Place {
  readonly conversation: string | undefined
  readonly route: Readonly<Record<string, string>>
}

/** Events of an installation, whatever else they name. */
const ofInstallation = new Set(['installation', 'installation_repositories', 'installation_target'])

/** Events of an organisation; some name a repository too. */
const ofOrganisation = new Set([
  'membership',
  'org_block',
  'organization',
  'personal_access_token_request',
  'team',
])

/** Events of a whole Enterprise Server. */
const ofInstance = new Set(['enterprise', 'user'])

/** Where each kind of payload names its commit. */
const commitPaths: readonly (readonly [string, string])[] = [
  ['comment', 'commit_id'],
  ['check_run', 'head_sha'],
  ['check_suite', 'head_sha'],
  ['deployment', 'sha'],
  ['workflow_run', 'head_sha'],
  ['workflow_job', 'head_sha'],
  ['merge_group', 'head_sha'],
  ['build', 'commit'],
]

/**
 * The place of an event: an issue (pull requests are issues), a discussion, a commit, a repository, an
 * organisation and so on. All that names one commit shares its conversation. `push`, `create` and `delete`
 * are the repository's, so that they keep their order.
 */
export function placeOf(event: string, action: string | undefined, payload: unknown): Place {
  const repository = idAt(payload, 'repository', 'id')
  if (repository === undefined || ofInstallation.has(event) || ofOrganisation.has(event)) {
    return placeOutside(event, repository, payload)
  }
  const name = textAt(payload, 'repository', 'full_name')
  const comment = idAt(payload, 'comment', 'id')
  const route = { ...(name !== undefined && { repository: name }), ...(comment !== undefined && { comment }) }
  const issue = issueOf(action, payload)
  if (issue !== undefined) {
    return { conversation: `${repository}#${issue}`, route: { ...route, issue, ...reviewThreadOf(payload) } }
  }
  // Discussions count on with issues, so the number is enough to tell them.
  const discussion = idAt(payload, 'discussion', 'number')
  if (discussion !== undefined) {
    const thread = discussionThreadOf(payload)
    return { conversation: `${repository}#${discussion}`, route: { ...route, discussion, ...thread } }
  }
  const commit = commitOf(payload)
  if (commit !== undefined) {
    return { conversation: `${repository}@${commit}`, route: { ...route, commit, ...lineOf(payload) } }
  }
  return { conversation: repository, route }
}

function placeOutside(event: string, repository: string | undefined, payload: unknown): Place {
  const name = textAt(payload, 'repository', 'full_name')
  const route = name === undefined ? {} : { repository: name }
  if (ofInstance.has(event)) return { conversation: 'bot', route }
  const installation = idAt(payload, 'installation', 'id')
  const organisation = idAt(payload, 'organization', 'id')
  const enterprise = idAt(payload, 'enterprise', 'id')
  if (installation !== undefined && ofInstallation.has(event)) {
    return { conversation: `installation:${installation}`, route }
  }
  const account = accountOf(payload)
  if (account !== undefined) return { conversation: account, route }
  if (organisation !== undefined) return { conversation: `org:${organisation}`, route }
  if (repository !== undefined) return { conversation: repository, route }
  if (enterprise !== undefined) return { conversation: `enterprise:${enterprise}`, route }
  return { conversation: installation === undefined ? undefined : `installation:${installation}`, route }
}

/** Whose purchase or sponsorship it is; somebody else may have changed it. */
function accountOf(payload: unknown): string | undefined {
  const account =
    valueAt(payload, 'marketplace_purchase', 'account') ?? valueAt(payload, 'sponsorship', 'sponsorable')
  const id = idAt(account, 'id')
  if (id === undefined) return undefined
  return textAt(account, 'type') === 'Organization' ? `org:${id}` : `user:${id}`
}

/** The issue that an event is about: of two that are linked the one whose repository the call is for. */
function issueOf(action: string | undefined, payload: unknown): string | undefined {
  const number = idAt(payload, 'issue', 'number') ?? idAt(payload, 'pull_request', 'number')
  if (number !== undefined || action === undefined) return number
  if (action.startsWith('parent_issue_')) return idAt(payload, 'sub_issue', 'number')
  if (action.startsWith('sub_issue_')) return idAt(payload, 'parent_issue', 'number')
  if (action.startsWith('blocked_by_')) return idAt(payload, 'blocked_issue', 'number')
  return action.startsWith('blocking_') ? idAt(payload, 'blocking_issue', 'number') : undefined
}

/** The first comment of a thread of a review, which alone can be replied to. */
function reviewThreadOf(payload: unknown): { thread?: string } {
  if (valueAt(payload, 'pull_request') === undefined) return {}
  const resolved = valueAt(payload, 'thread', 'comments')
  const thread =
    idAt(payload, 'comment', 'in_reply_to_id') ??
    idAt(payload, 'comment', 'id') ??
    (Array.isArray(resolved) ? idAt(resolved[0], 'id') : undefined)
  return thread === undefined ? {} : { thread }
}

/**
 * GitHub's GraphQL ids of the discussion and of the comment, which is a thread's first unless it says whose
 * reply it is.
 */
function discussionThreadOf(payload: unknown): Record<string, string> {
  const discussion = textAt(payload, 'discussion', 'node_id')
  const comment = textAt(payload, 'comment', 'node_id')
  const reply = idAt(payload, 'comment', 'parent_id') !== undefined
  return {
    ...(discussion !== undefined && { discussionNode: discussion }),
    ...(comment !== undefined && { [reply ? 'replyNode' : 'threadNode']: comment }),
  }
}

function commitOf(payload: unknown): string | undefined {
  for (const [member, name] of commitPaths) {
    const sha = textAt(payload, member, name)
    if (sha !== undefined) return sha
  }
  return textAt(payload, 'sha')
}

/** The line of a commit that a comment stands at. */
function lineOf(payload: unknown): { path?: string; position?: string } {
  const path = textAt(payload, 'comment', 'path')
  const position = idAt(payload, 'comment', 'position')
  return path === undefined || position === undefined ? {} : { path, position }
}
