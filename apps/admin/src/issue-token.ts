// Prints a bearer token of the admin API: npm run issue-token -- --role owner --hours 8 --subject alice
import { parseArgs } from 'node:util'
import { type Role, roles } from './actor.ts'
import { readTokenConfig } from './config.ts'
import { signToken } from './sign-token.ts'

const usage = `usage: npm run issue-token -- --role ${roles.join('|')} [--hours 8] [--subject name]`

try {
  process.stdout.write(`${signToken(readTokenConfig().JWT_KEYS, readClaims())}\n`)
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n${usage}\n`)
  process.exitCode = 1
}

function readClaims(): { subject: string; role: Role; hours: number } {
  const { values } = parseArgs({
    options: {
      role: { type: 'string' },
      hours: { type: 'string', default: '8' },
      subject: { type: 'string', default: 'local' },
    },
  })
  const role = roles.find(name => name === values.role)
  if (!role) throw new Error(`--role must be one of ${roles.join(', ')}`)
  const hours = Number(values.hours)
  if (!(hours > 0 && hours <= 24 * 366)) throw new Error('--hours must be a number above 0, a year at most')
  if (values.subject === '' || values.subject.length > 200)
    throw new Error('--subject must have 1 to 200 characters')
  return { subject: values.subject, role, hours }
}
