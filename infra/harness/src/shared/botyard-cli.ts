import { startProcess } from '@botyard/testkit'
import { appFile } from './paths.ts'

/** How an operator reaches the admin app. */
export interface AdminAccess {
  readonly url: string
  readonly token: string
}

/**
 * Runs the operator's command line and answers what it prints; throws if it fails with another code than
 * those expected.
 */
export async function botyard(
  { url, token }: AdminAccess,
  args: readonly string[],
  codes: readonly number[] = [0],
): Promise<unknown> {
  const env = { BOTYARD_ADMIN_URL: url, BOTYARD_ADMIN_TOKEN: token }
  const child = await startProcess(appFile('admin/cli/main.ts'), { args: [...args, '--json'], env })
  const { code } = await child.exited
  const text = child.lines.join('\n')
  const answer = parse(text) as { error?: unknown } | undefined
  // A failure of the command itself has the code of a refusal, and an error with a code and a message.
  const isFailure = answer === undefined || (typeof answer.error === 'object' && answer.error !== null)
  if (!isFailure && codes.includes(code ?? -1)) return answer
  throw new Error(`botyard ${args.join(' ')} ended with ${code}: ${text}`)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
