// npm run audit: whether anything that ships has a known vulnerability, of a severity of "high" or more.
import { judgeAudit } from '../supply-chain/judge-audit.ts'
import { runPnpm } from '../supply-chain/run-pnpm.ts'

const ended = await runPnpm(['audit', '--prod', '--audit-level', 'high'])
const verdict = judgeAudit(ended)
const endings = {
  clean: 'Nothing that ships has a known vulnerability of severity high or more.',
  vulnerable: 'Upgrade what is named above: the catalog is in pnpm-workspace.yaml.',
  'not audited': 'NOT AUDITED: the package registry of this machine has no audit endpoint.',
  failed: 'The audit could not be made.',
} as const
if (verdict !== 'not audited') process.stdout.write(ended.stdout + ended.stderr)
process.stdout.write(`${endings[verdict]}\n`)
process.exitCode = verdict === 'clean' || verdict === 'not audited' ? 0 : 1
