import { runAppScript } from './run-app-script.ts'

/** An owner's bearer token for the admin API, signed with the active key of JWT_KEYS. */
export async function issueAdminToken(env: NodeJS.ProcessEnv, hours: number): Promise<string> {
  const args = ['--role', 'owner', '--subject', 'local', '--hours', String(hours)]
  return await runAppScript('Issuing the admin token', 'admin/src/issue-token.ts', { args, env })
}
