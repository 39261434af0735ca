import { fileURLToPath } from 'node:url'
import { startProcess } from '@botyard/testkit'

const cli = fileURLToPath(new URL('../../../../../apps/admin/cli/main.ts', import.meta.url))

/** Runs the operator's command line and answers what it prints; throws what it says if it is refused. */
export async function botyard(admin: { url: string; token: string }, args: readonly string[]): Promise<unknown> {
  const env = { BOTYARD_ADMIN_URL: admin.url, BOTYARD_ADMIN_TOKEN: admin.token }
  const child = await startProcess(cli, { args: [...args, '--json'], env })
  const { code } = await child.exited
  const text = child.lines.join('\n')
  if (code !== 0) throw new Error(`botyard ${args.join(' ')} ended with ${code}: ${text}`)
  return JSON.parse(text)
}
