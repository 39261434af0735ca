import type { TextLimit } from '../adapter.ts'
import { codePointsOf } from '../text/code-points.ts'

/**
 * Ours, as the other side is the operator's own: a reply stays well below the megabyte that a receiver may be
 * set to take. A native message is the operator's to define, and has no limit.
 */
export const customTextLimit: TextLimit = { max: 100_000, unit: 'characters', measure: codePointsOf }
