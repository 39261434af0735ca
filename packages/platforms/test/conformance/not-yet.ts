import assert from 'node:assert/strict'
import { adapters } from '../../src/index.ts'
import type { Subject } from './subject.ts'

/** A part that a case lacks: the platforms of before the part was asked for may fill it in later, a new one may not. */
export function notYet({ platform }: Subject, lacks: string): string {
  assert.ok(platform in adapters, lacks)
  return 'not told yet'
}
