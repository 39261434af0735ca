import type { Kind } from '../shared/scenario.ts'
import { answer } from './answer/scenario.ts'
import { cache } from './cache/scenario.ts'
import { fairness } from './fairness/scenario.ts'
import { ingest } from './ingest/scenario.ts'
import { nlp } from './nlp/scenario.ts'

/** `npm run bench` */
export const bench: Kind = {
  name: 'bench',
  summary: 'Benchmarks: Botyard, or a part of it, in turn with what one would take instead.',
  scenarios: { answer, fairness, ingest, nlp, cache },
}
