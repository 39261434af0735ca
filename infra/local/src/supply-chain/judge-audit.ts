import type { Ended } from '../processes/run-to-end.ts'

/** What an audit came to. */
export type AuditVerdict = 'clean' | 'vulnerable' | 'not audited' | 'failed'

/**
 * What the audit of pnpm said. A registry without an audit endpoint knows of no vulnerabilities: neither good
 * news nor a fault of the code.
 */
export function judgeAudit({ code, stdout, stderr }: Ended): AuditVerdict {
  if (code === 0) return 'clean'
  if (/ERR_PNPM_AUDIT_(BAD_RESPONSE|ENDPOINT_NOT_EXISTS|NO_ENDPOINT)/.test(stdout + stderr))
    return 'not audited'
  return /vulnerabilit/i.test(stdout) ? 'vulnerable' : 'failed'
}
